import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { CERTIFICATE } from './certificate.fixture.ts'

/** The command that starts a process in its own network namespace, or the reason why it cannot. */
function namespaceCommand(): { unshare: string[] } | { missing: string } {
  if (process.platform !== 'linux') return { missing: 'network namespaces are of Linux' }
  if (spawnSync('ip', ['-V']).status !== 0) return { missing: 'the command ip (iproute2) is not installed' }
  const ways = [['--net'], ['--user', '--map-root-user', '--net']]
  const way = ways.find(
    (flags) => spawnSync('unshare', [...flags, 'ip', 'link', 'set', 'lo', 'up']).status === 0,
  )
  return way ? { unshare: way } : { missing: 'this user may not make network namespaces (unshare --net)' }
}

const namespace = namespaceCommand()
const note = 'missing' in namespace ? ` — SKIPPED: ${namespace.missing}` : ''

interface Report {
  readonly outcomes: Record<string, string>
  readonly rebound: string[]
  readonly hits: Record<string, number>
}

async function runInNamespace(flags: string[]): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-ca-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const authority = join(folder, 'ca.pem')
  await writeFile(authority, CERTIFICATE)
  const program = fileURLToPath(new URL('namespace.fixture.ts', import.meta.url))
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: authority }
  const { stdout } = await promisify(execFile)('unshare', [...flags, process.execPath, program], { env })
  return JSON.parse(stdout) as Report
}

describe('in a network of its own, with public, private and metadata addresses that all answer', () => {
  it.skipIf('missing' in namespace)(
    `fetches what is public, and touches nothing else${note}`,
    async () => {
      const { outcomes, rebound, hits } = await runInNamespace(
        'unshare' in namespace ? namespace.unshare : [],
      )
      expect(outcomes).toEqual({
        'http://public.example/': 'fetched 5',
        'http://six.example/': 'fetched 5',
        'http://down.example/': 'fetched 5',
        'https://public.example/': 'fetched 5',
        'http://93.184.216.34/': 'fetched 5',
        'https://93.184.216.34/': 'fetched 5',
        'http://[2606:2800:220:1::34]/': 'fetched 5',
        'http://loopback.example/': 'blocked loopback_address',
        'http://loopback6.example/': 'blocked loopback_address',
        'http://private.example/': 'blocked private_address',
        'https://private.example/': 'blocked private_address',
        'http://private6.example/': 'blocked private_address',
        'http://mapped.example/': 'blocked embedded_ipv4_address',
        'http://cgnat.example/': 'blocked cgnat_address',
        'http://metadata.example/': 'blocked metadata_address',
        'http://mixed.example/': 'blocked private_address',
        'http://127.0.0.1/': 'blocked loopback_address',
        'http://0/': 'blocked unspecified_address',
        'http://[::1]/': 'blocked loopback_address',
        'http://[::ffff:10.0.0.5]/': 'blocked embedded_ipv4_address',
        'http://0xa.5/': 'blocked private_address',
        'http://２８５２０３９１６６/': 'blocked metadata_address',
        'http://localhost/': 'blocked loopback_address',
        'http://public.example/to/http:%2F%2Fpublic.example%2F': 'fetched 5',
        'http://public.example/to/http:%2F%2Fprivate.example%2F': 'blocked private_address',
        'http://public.example/to/http:%2F%2F127.0.0.1%2F': 'blocked loopback_address',
      })
      expect(rebound).toEqual(['fetched 5', 'blocked loopback_address'])
      expect(Object.keys(hits).sort()).toEqual(['2606:2800:220:1::34', '93.184.216.34'])
    },
    30_000,
  )
})
