const MAX_LENGTH = 200

/** The URL for messages and logs, without userinfo and the query, which may contain a signature. */
export function displayUrl(url: URL): string {
  const text = `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}
