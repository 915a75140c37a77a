import type { IncomingHttpHeaders } from 'node:http'

/** Where a request comes from: our own pages or no page at all, an origin that is allowed, or a page of another site. */
export type Origin = 'own' | 'allowed' | 'foreign'

/**
 * Told by what browsers say of themselves and pages cannot change: `Origin`, and `Sec-Fetch-Site` where there is none
 * (pictures, scripts, forms that GET).
 *
 * @param publicOrigin where clients reach the server, when that is not its Host
 */
export function originOf(
  headers: IncomingHttpHeaders,
  allowed: readonly string[],
  publicOrigin: string | undefined,
): Origin {
  const { origin } = headers
  if (origin !== undefined) {
    if (origin === publicOrigin || isOwn(origin, headers.host)) return 'own'
    return allowed.includes(origin) ? 'allowed' : 'foreign'
  }
  const site = headers['sec-fetch-site']
  return site === undefined || site === 'none' || site === 'same-origin' ? 'own' : 'foreign'
}

/** Whether a person followed a link to here: what is shown then, no other page can read. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  return (
    headers.origin === undefined &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  )
}

/** The scheme is left out: behind a proxy that speaks TLS, only the browser knows it. */
function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase() && origin !== 'null'
}
