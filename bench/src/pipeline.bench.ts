import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { openFileArchive } from '@mediakeep/archive'
import { openCache } from '@mediakeep/cache'
import type { Fetcher } from '@mediakeep/content'
import { downloadStage } from '@mediakeep/download'
import { openFetcher } from '@mediakeep/fetch'
import { createImportRun, runImport } from '@mediakeep/import'
import {
  createInspector,
  createSniffer,
  openSandboxedInspector,
  type SandboxedInspector,
} from '@mediakeep/inspect'
import type { Stage } from '@mediakeep/lease'
import { archiveStage, inspectStage } from '@mediakeep/pipeline'
import { noIsolation } from '@mediakeep/sandbox'
import { sourceFormats } from '@mediakeep/sources'
import { startChild, type Child } from './child.ts'
import { compare, type Contender, type Finding, type Reference } from './compare.ts'
import { withDatabases, type BenchDatabase, type Databases } from './databases.ts'
import { CONNECTIONS } from './download-stages.ts'
import { emptyFolder } from './downloaders.ts'
import { writePicturePosts } from './import-posts.ts'
import { stageLog } from './stage-log.ts'

interface Origin {
  readonly url: string
  readonly title: string
  readonly count: number
}

interface Means {
  readonly databases: Databases
  readonly fetcher: Fetcher
  readonly inspector: SandboxedInspector
}

/** Compares pictures from the posts file to the archive with the same chain without a database on all cores. */
export async function benchPipeline(): Promise<Finding[]> {
  const child = await startChild(import.meta.resolve('./origin-process.ts'), ['pictures'])
  const origin = child.said as Origin
  const fetcher = openFetcher({ allowHosts: [new URL(origin.url).host] })
  const inspector = openSandboxedInspector({ isolation: noIsolation })
  try {
    return await withDatabases(async (databases) => {
      const times: string[] = []
      const comparisons = await compare({
        name: `pipeline ${origin.title}, import to archived, warm`,
        unit: 'pictures/s',
        isWarm: true,
        runs: 5,
        ours: pipeline(origin, { databases, fetcher, inspector }, times),
        references: [plainChain(origin, databases)],
      })
      return [...comparisons, ...times]
    })
  } finally {
    await Promise.all([fetcher.close(), inspector.close()])
    await child.stop()
  }
}

/** Runs import, download, inspection and archive concurrently, as a worker does. */
function pipeline(origin: Origin, means: Means, times: string[]): Contender {
  const { databases } = means
  const posts = join(databases.folder, 'posts.json')
  let db: BenchDatabase
  let stages: readonly Stage[]
  return {
    async prepare() {
      await writePicturePosts(posts, urlsOf(origin))
      db = await databases.fresh('pipeline')
      stages = await openStages(db, means)
    },
    async run() {
      const start = performance.now()
      const seconds = (): string => ((performance.now() - start) / 1000).toFixed(2)
      const ends = await Promise.all([
        importFile(db, posts).then(() => `import ${seconds()}`),
        ...stages.map((stage) => drain(stage, origin.count).then(() => `${stage.name} ${seconds()}`)),
      ])
      times.push(`  each stage ended after (s): ${ends.join(', ')}`)
      return origin.count
    },
  }
}

async function openStages(
  db: BenchDatabase,
  { databases, fetcher, inspector }: Means,
): Promise<readonly Stage[]> {
  const [cacheFolder, archiveFolder] = ['cache', 'archive'].map((name) => join(databases.folder, name))
  await Promise.all([emptyFolder(cacheFolder!), emptyFolder(archiveFolder!)])
  const cache = await openCache(cacheFolder!, { create: true })
  const archive = await openFileArchive(archiveFolder!, { create: true })
  const common = { db, cache, leaseSeconds: 30, log: stageLog }
  return [
    downloadStage({
      ...common,
      fetcher,
      sniffer: createSniffer(),
      inspector: createInspector(),
      concurrencyPerHost: CONNECTIONS,
    }),
    inspectStage({ ...common, inspector, concurrency: inspector.concurrency * 2 }),
    archiveStage({ ...common, archive, concurrency: 16 }),
  ]
}

async function importFile(db: BenchDatabase, path: string): Promise<void> {
  const runId = await createImportRun(db, { files: [path], machine: 'bench' })
  const { status } = await runImport(db, { runId, formats: sourceFormats })
  if (status !== 'completed') throw new Error(`The import ended as ${status}`)
}

/** Runs the stage until each picture has gone through its queue. */
async function drain(stage: Stage, count: number): Promise<void> {
  const { signal } = new AbortController()
  for (let left = count; left > 0;) {
    const { done, failed } = await stage.drain(signal)
    if (failed > 0) throw new Error(`${stage.name}: ${failed} of ${count} failed`)
    left -= done
    if (done === 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Runs a process per core; each fetches its share, with both digests, fsync, decoding and a copy. */
function plainChain(origin: Origin, databases: Databases): Reference {
  const folders = ['plain', 'plain-archive'].map((name) => join(databases.folder, name))
  const processes = availableParallelism()
  let children: Child[]
  return {
    against: `the same without a database, on ${processes} cores`,
    aim: 0.7,
    async prepare() {
      await Promise.all(folders.map(emptyFolder))
      children = await Promise.all(
        Array.from({ length: processes }, () =>
          startChild(import.meta.resolve('./plain-chain-process.ts'), folders),
        ),
      )
    },
    async run() {
      const urls = urlsOf(origin)
      const shares = children.map((_, child) => urls.filter((_url, n) => n % processes === child))
      await Promise.all(children.map((child, n) => child.ask(shares[n])))
      await Promise.all(children.map((child) => child.stop()))
      return origin.count
    },
  }
}

function urlsOf({ url, count }: Origin): string[] {
  return Array.from({ length: count }, (_, n) => `${url}/${n}.jpg`)
}
