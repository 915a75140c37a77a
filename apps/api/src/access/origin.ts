import type { IncomingHttpHeaders } from 'node:http'

/** The source of a request: our own pages or no page at all, an allowed origin, or a page of another site. */
export type Origin = 'own' | 'allowed' | 'foreign'

/**
 * Determines the origin from headers that browsers set and pages cannot change: `Origin`, or else `Sec-Fetch-Site`
 * (images, scripts, GET forms).
 *
 * @param publicOrigin the origin at which clients reach the server, if it differs from the Host header
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

/** True when a person followed a link to this URL; no other page can read the response. */
export function isNavigation(headers: IncomingHttpHeaders): boolean {
  return (
    headers.origin === undefined &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  )
}

/** Ignores the scheme: behind a proxy that terminates TLS, only the browser knows it. */
function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && URL.parse(origin)?.host === host.toLowerCase() && origin !== 'null'
}
