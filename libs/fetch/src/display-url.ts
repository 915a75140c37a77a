const MAX_LENGTH = 200

/** A URL for messages and logs: without its query, which may be a signature, and without userinfo. */
export function displayUrl(url: URL): string {
  const text = `${url.protocol}//${url.host}${url.pathname}${url.search === '' ? '' : '?…'}`
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}
