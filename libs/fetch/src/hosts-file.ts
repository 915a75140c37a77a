import { readFile, stat } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { ResolvedAddress } from './resolve.ts'

/** Names in the machine's hosts file. */
export interface HostsFile {
  addressesOf(hostname: string): Promise<readonly ResolvedAddress[]>
}

const PATH = process.platform === 'win32' ? String.raw`C:\Windows\System32\drivers\etc\hosts` : '/etc/hosts'

/** Reads the file again when it has changed; an unreadable file has no names. */
export function hostsFile(path = PATH): HostsFile {
  let names: ReadonlyMap<string, readonly ResolvedAddress[]> = new Map()
  let readAt = -1
  return {
    async addressesOf(hostname) {
      const changedAt = await stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      )
      if (changedAt !== readAt) {
        names = parse(await readFile(path, 'utf8').catch(() => ''))
        readAt = changedAt
      }
      return names.get(hostname.toLowerCase()) ?? []
    },
  }
}

function parse(text: string): Map<string, ResolvedAddress[]> {
  const names = new Map<string, ResolvedAddress[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...hosts] = line.replace(/#.*/, '').trim().split(/\s+/)
    const family = isIP(address)
    if (family === 0) continue
    for (const host of hosts) {
      const name = host.toLowerCase().replace(/\.$/, '')
      names.set(name, [...(names.get(name) ?? []), { address, family }])
    }
  }
  return names
}
