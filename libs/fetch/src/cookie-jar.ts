/** The maximum that servers accept in one header. */
const MAX_BYTES = 8192

interface Cookie {
  readonly value: string
  readonly path: string
  readonly isSecure: boolean
}

/**
 * The cookies of one fetch, for redirects that check whether the client keeps them. Each is sent only to the exact
 * host that set it, whatever domain it names, and is discarded after the fetch. Each character is one byte.
 */
export class CookieJar {
  readonly #hosts = new Map<string, Map<string, Cookie>>()

  /** @param values the Set-Cookie headers of a response from `url` */
  store(url: URL, values: readonly string[] = []): void {
    const cookies = this.#hosts.get(url.hostname) ?? new Map<string, Cookie>()
    this.#hosts.set(url.hostname, cookies)
    for (const value of values) storeOne(cookies, url, value)
  }

  /** The value of the Cookie header; undefined if there are no cookies to send. */
  headerFor(url: URL): string | undefined {
    const pairs: string[] = []
    let bytes = 0
    for (const [name, { value, path, isSecure }] of this.#hosts.get(url.hostname) ?? []) {
      const pair = name === '' ? value : `${name}=${value}`
      if ((isSecure && url.protocol !== 'https:') || !isWithin(url.pathname, path)) continue
      bytes += pair.length + 2
      if (bytes <= MAX_BYTES) pairs.push(pair)
    }
    return pairs.length === 0 ? undefined : pairs.join('; ')
  }
}

function storeOne(cookies: Map<string, Cookie>, url: URL, text: string): void {
  const [pair, ...attributes] = text.split(';').map((part) => part.trim())
  const [, name = '', value] = /^(?:([^=]*)=)?(.*)$/s.exec(pair!)!
  // Reject characters that could end the header or the cookie.
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(pair!) || (name === '' && value === '')) return
  const attribute = (wanted: string): string | undefined =>
    attributes
      .filter((one) => one.split('=', 1)[0]!.trim().toLowerCase() === wanted)
      .map((one) => one.slice(wanted.length).replace(/^\s*=\s*/, ''))
      .at(-1)
  cookies.delete(name.trim())
  if (isOver(attribute('max-age'), attribute('expires'))) return
  const path = attribute('path')
  cookies.set(name.trim(), {
    value: value!.trim(),
    path: path?.startsWith('/') ? path : folderOf(url.pathname),
    isSecure: attribute('secure') !== undefined,
  })
}

function isOver(maxAge: string | undefined, expires: string | undefined): boolean {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0
  return Date.parse(expires ?? '') <= Date.now()
}

function folderOf(pathname: string): string {
  return pathname.slice(0, Math.max(pathname.lastIndexOf('/'), 1))
}

function isWithin(pathname: string, path: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
}
