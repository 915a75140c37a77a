import { openCache } from '@mediakeep/cache'
import { openFetcher } from '@mediakeep/fetch'
import { createInspector, createSniffer } from '@mediakeep/inspect'
import { openPool } from '@mediakeep/postgres'
import { downloadStage } from './stage.ts'

/** The point at which the process hangs, to be killed there. */
export type StopAt = 'downloaded' | 'put' | 'never'

export interface ChildOptions {
  readonly databaseUrl: string
  readonly cacheRoot: string
  readonly host: string
  readonly stopAt: StopAt
}

const options = JSON.parse(process.argv[2]!) as ChildOptions
const cache = await openCache(options.cacheRoot)
const stopHere = (): Promise<never> => {
  process.send?.('stopped')
  return new Promise(() => setInterval(() => {}, 1_000))
}
const log = { info: () => {}, warn: () => {}, error: () => {} }
const stage = downloadStage({
  db: openPool(options.databaseUrl),
  cache: {
    ...cache,
    async put(temporary, path, digests) {
      const stored = await cache.put(temporary, path, digests)
      return options.stopAt === 'put' ? stopHere() : stored
    },
  },
  fetcher: openFetcher({ allowHosts: [options.host] }),
  sniffer: options.stopAt === 'downloaded' ? { sniff: stopHere } : createSniffer(),
  inspector: createInspector(),
  concurrencyPerHost: 3,
  leaseSeconds: 2,
  log,
})
process.send?.(await stage.drain(new AbortController().signal))
process.exit(0)
