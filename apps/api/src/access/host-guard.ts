import { isIP } from 'node:net'

/** True when an address to listen on is reachable only from this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * True when a Host header names a loopback address or `publicHost`. A server that requires no credentials must not be
 * reachable under a foreign name that resolves to this machine (DNS rebinding).
 */
export function isOwnHost(header: string | undefined, publicHost: string | undefined): boolean {
  if (header === undefined) return false
  const name = header
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  return isLoopback(name) || header.toLowerCase() === publicHost?.toLowerCase()
}
