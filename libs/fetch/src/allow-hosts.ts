/** Hosts whose address and port are not checked: `host:port`, lower case, without a trailing dot. */
export type AllowedHosts = ReadonlySet<string>

/**
 * @param entries `host:port`, IPv6 in brackets: `localhost:4001`, `10.0.0.5:80`, `[::1]:8080`
 * @throws TypeError naming the invalid entry
 */
export function parseAllowHosts(entries: readonly string[]): AllowedHosts {
  return new Set(entries.map(parseEntry))
}

function parseEntry(entry: string): string {
  const url = /:\d+$/.test(entry) && URL.canParse(`http://${entry}`) ? new URL(`http://${entry}`) : undefined
  const isHostAndPort = url?.href === `http://${url?.host ?? ''}/` && /^[^*]+$/.test(url.hostname)
  if (!isHostAndPort) {
    throw new TypeError(`DOWNLOAD_ALLOW_HOSTS: "${entry}" is not host:port, as in "localhost:4001"`)
  }
  return hostAndPort(url)
}

/** The `host:port` of a URL, e.g. `example.com:443`: always with the port, without the trailing dot. */
export function hostAndPort(url: URL): string {
  return `${bareHost(url)}:${portOf(url)}`
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

/** The host as in the URL (IPv6 in brackets), without the trailing dot of an absolute name. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/\.$/, '')
}
