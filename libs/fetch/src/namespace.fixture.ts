// Runs in its own network namespace (see namespace.test.ts): public addresses, a private network and a metadata
// service, all answered by local servers on ports 80 and 443. Prints the outcome of each fetch as JSON.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FetchError } from '@mediakeep/content'
import { CERTIFICATE, PRIVATE_KEY } from './certificate.fixture.ts'
import { openFetcher } from './fetcher.ts'

const ADDRESSES = [
  '93.184.216.34',
  '2606:2800:220:1::34',
  '10.0.0.5',
  '169.254.169.254',
  'fd00::5',
  '100.64.0.5',
]

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.216.34'],
  'six.example': ['2606:2800:220:1::34'],
  'down.example': ['93.184.216.99', '93.184.216.34'],
  'loopback.example': ['127.0.0.1'],
  'loopback6.example': ['::1'],
  'private.example': ['10.0.0.5'],
  'private6.example': ['fd00::5'],
  'mapped.example': ['::ffff:10.0.0.5'],
  'cgnat.example': ['100.64.0.5'],
  'metadata.example': ['169.254.169.254'],
  'mixed.example': ['93.184.216.34', '10.0.0.5'],
}

const URLS = [
  'http://public.example/',
  'http://six.example/',
  'http://down.example/',
  'https://public.example/',
  'http://93.184.216.34/',
  'https://93.184.216.34/',
  'http://[2606:2800:220:1::34]/',
  'http://loopback.example/',
  'http://loopback6.example/',
  'http://private.example/',
  'https://private.example/',
  'http://private6.example/',
  'http://mapped.example/',
  'http://cgnat.example/',
  'http://metadata.example/',
  'http://mixed.example/',
  'http://127.0.0.1/',
  'http://0/',
  'http://[::1]/',
  'http://[::ffff:10.0.0.5]/',
  'http://0xa.5/',
  'http://２８５２０３９１６６/',
  'http://localhost/',
  'http://public.example/to/http:%2F%2Fpublic.example%2F',
  'http://public.example/to/http:%2F%2Fprivate.example%2F',
  'http://public.example/to/http:%2F%2F127.0.0.1%2F',
]

/** Number of requests to each local address. */
const hits: Record<string, number> = {}

const answer: RequestListener = (request, response) => {
  const address = String(request.socket.localAddress).replace(/^::ffff:/, '')
  hits[address] = (hits[address] ?? 0) + 1
  const location = /^\/to\/(.+)$/.exec(request.url ?? '')?.[1]
  if (location === undefined) response.end('bytes')
  else response.writeHead(302, { location: decodeURIComponent(location) }).end()
}

function setUp(): void {
  const ip = (...args: string[]): unknown => execFileSync('ip', args)
  ip('link', 'set', 'lo', 'up')
  for (const address of ADDRESSES) {
    ip('address', 'add', `${address}/${address.includes(':') ? 128 : 32}`, 'dev', 'lo')
  }
}

const folder = mkdtempSync(join(tmpdir(), 'mediakeep-namespace-'))

async function outcomeOf(fetcher: ReturnType<typeof openFetcher>, url: string): Promise<string> {
  try {
    const { digests } = await fetcher.fetch(url, join(folder, 'file'))
    return `fetched ${digests.byteSize}`
  } catch (error) {
    if (error instanceof FetchError) return `${error.fate} ${error.code}`
    throw error
  }
}

/** A name that resolves to a public address when checked, and to this machine on every later lookup. */
async function rebind(): Promise<string[]> {
  let asked = 0
  const lookup = (): Promise<{ address: string; family: number }[]> =>
    Promise.resolve([{ address: asked++ === 0 ? '93.184.216.34' : '127.0.0.1', family: 4 }])
  const outcomes: string[] = []
  for (let round = 0; round < 2; round++) {
    const fetcher = openFetcher({ resolver: { lookup } })
    outcomes.push(await outcomeOf(fetcher, 'http://rebind.example/'))
    await fetcher.close()
  }
  return outcomes
}

setUp()
const servers = [
  createServer(answer).listen(80, '::'),
  createSecureServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, answer).listen(443, '::'),
]
const lookup = (name: string): Promise<{ address: string; family: number }[]> =>
  Promise.resolve((NAMES[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
const fetcher = openFetcher({ resolver: { lookup }, timeoutMs: 5000 })
const outcomes: Record<string, string> = {}
for (const url of URLS) outcomes[url] = await outcomeOf(fetcher, url)
const rebound = await rebind()
await fetcher.close()
for (const server of servers) server.close().closeAllConnections()
rmSync(folder, { recursive: true })
process.stdout.write(JSON.stringify({ outcomes, rebound, hits }))
