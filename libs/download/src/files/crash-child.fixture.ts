import { openCache } from '@mediakeep/cache'
import { openFetcher } from '@mediakeep/fetch'
import { createInspector, createSniffer } from '@mediakeep/inspect'
import { openPool } from '@mediakeep/postgres'
import { fileStage } from './file-stage.ts'

/** The point at which the process hangs, to be killed there. */
export type StopAt = 'read' | 'put'

export interface ChildOptions {
  readonly databaseUrl: string
  readonly cacheRoot: string
  readonly machine: string
  readonly stopAt: StopAt
  /** Files that may pass first. */
  readonly after: number
}

const options = JSON.parse(process.argv[2]!) as ChildOptions
const cache = await openCache(options.cacheRoot)
let left = options.after
const passOrStop = async (): Promise<void> => {
  if (left-- > 0) return
  process.send?.('stopped')
  await new Promise(() => setInterval(() => {}, 1_000))
}
const sniffer = createSniffer()
const stage = fileStage({
  db: openPool(options.databaseUrl),
  cache: {
    ...cache,
    async put(temporary, path, digests, how) {
      const stored = await cache.put(temporary, path, digests, how)
      if (options.stopAt === 'put') await passOrStop()
      return stored
    },
  },
  fetcher: openFetcher(),
  sniffer: {
    async sniff(path, bytes) {
      if (options.stopAt === 'read') await passOrStop()
      return sniffer.sniff(path, bytes)
    },
  },
  inspector: createInspector(),
  machine: options.machine,
  leaseSeconds: 2,
  log: { info: () => {}, warn: () => {}, error: () => {} },
})
process.send?.(await stage.drain(new AbortController().signal))
process.exit(0)
