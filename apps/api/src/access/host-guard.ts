import { isIP } from 'node:net'

/** Whether an address to listen on is this machine's alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * Whether a Host header names a loopback address or `publicHost`. A server that asks for no credentials must not
 * be reached under a stranger's name that was made to point here (DNS rebinding).
 */
export function isOwnHost(header: string | undefined, publicHost: string | undefined): boolean {
  if (header === undefined) return false
  const name = header
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
  return isLoopback(name) || header.toLowerCase() === publicHost?.toLowerCase()
}
