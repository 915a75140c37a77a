import { resolve } from 'node:path'
import type { AnalyseStage } from '@mediakeep/analyse-runner'
import type { FileCache } from '@mediakeep/cache'
import { loadEnvFile, readConfig, unknownSettings, type Config } from '@mediakeep/config'
import type { Archive } from '@mediakeep/content'
import type { SourceFormat } from '@mediakeep/plugin-api'
import {
  createLogger,
  loadSourceFormats,
  openAnalysis,
  openConfiguredArchive,
  openConfiguredCache,
  openDatabase,
  openIntake,
  openIsolation,
  shareAwsVariables,
  unusedProxy,
  type Intake,
  type OpenedDatabase,
} from '@mediakeep/runtime'
import type { Isolation } from '@mediakeep/sandbox'
import type { Logger } from 'pino'
import { watchDrain } from './hanging-database.ts'
import { stopSignal } from './stop-signal.ts'

/** Resources that one run of the command line opens, and closes at its end. */
export interface Session {
  readonly config: Config
  readonly log: Logger
  /** Aborts on Ctrl-C, SIGTERM and SIGHUP: work in progress is given back. */
  readonly signal: AbortSignal
  database(): Promise<OpenedDatabase>
  /** Like `database`, for a command that only reads: nothing is migrated. */
  databaseToRead(): Promise<OpenedDatabase>
  cache(): Promise<FileCache>
  archive(): Promise<Archive>
  /** How the processes that decode are kept from the rest of the machine. */
  isolation(): Promise<Isolation>
  /** Lets decoders read a folder besides the cache. Call it before anything that decodes is opened. */
  letDecodersRead(folder: string): void
  intake(): Promise<Intake>
  formats(): Promise<readonly SourceFormat[]>
  analysis(): Promise<AnalyseStage>
  /** Starts work that nothing waits for; closing aborts its signal and lets it end. It must not reject. */
  inBackground(work: (signal: AbortSignal) => Promise<void>): void
  close(): Promise<void>
}

export interface SessionOptions {
  /** Changes to the environment, e.g. `{ DOWNLOAD_ALLOW_HOSTS: '127.0.0.1:4080' }`. */
  readonly env?: NodeJS.ProcessEnv
  /** Default for LOG_LEVEL; commands that print a result log less than servers. */
  readonly logLevel: 'info' | 'warn'
}

/** Opens parts of the configuration on first use. @throws ConfigError */
export function openSession(options: SessionOptions): Session {
  const env = loadEnvFile('.env', { LOG_LEVEL: options.logLevel, ...process.env, ...options.env })
  const config = readConfig(env)
  shareAwsVariables(env)
  const log = createLogger(config)
  for (const problem of unknownSettings(env)) log.warn(problem)
  const closers: (() => Promise<unknown>)[] = []
  const once = <Value>(
    open: () => Promise<Value>,
    shut?: (value: Value) => Promise<void>,
  ): (() => Promise<Value>) => {
    let opening: Promise<Value> | undefined
    return () => (opening ??= begin(open, closers, shut))
  }
  const signal = stopSignal()
  const database = once(
    async () => {
      const opened = await openDatabase(config, log)
      watchDrain({ url: opened.directUrl, signal, onHang: (error) => exitUndrained(log, error) })
      return opened
    },
    (opened) => opened.close(),
  )
  const databaseToRead = once(
    () => openDatabase(config, log, { isReadOnly: true }),
    (opened) => opened.close(),
  )
  const cache = once(
    async () => openConfiguredCache(config, (await database()).pool),
    (opened) => opened.close(),
  )
  const decodedFolders: string[] = []
  const isolation = once(async () => openIsolation(config, await cache(), decodedFolders))
  const archive = once(async () => openConfiguredArchive(config, (await database()).pool))
  return {
    config,
    log,
    signal,
    database,
    databaseToRead,
    cache,
    archive,
    isolation,
    letDecodersRead: (folder) => void decodedFolders.push(resolve(folder)),
    intake: once(
      async () => {
        const unused = unusedProxy(env, config)
        if (unused !== undefined) log.warn(unused)
        return openIntake(config, { isolation: await isolation(), cache: await cache() })
      },
      (opened) => opened.close(),
    ),
    formats: once(() => loadSourceFormats(config)),
    analysis: once(
      async () => {
        const { pool: db } = await database()
        const parts = { cache: await cache(), archive: await archive(), isolation: await isolation() }
        return openAnalysis(config, { db, ...parts }, log)
      },
      (stage) => stage.close(),
    ),
    inBackground(work) {
      const stop = new AbortController()
      const running = work(AbortSignal.any([signal, stop.signal]))
      closers.push(() => {
        stop.abort()
        return running
      })
    },
    async close() {
      for (const close of closers.reverse()) await close()
    },
  }
}

/** Opens a part. Its closer waits for the opening to end: another part's failure may close everything meanwhile. */
function begin<Value>(
  open: () => Promise<Value>,
  closers: (() => Promise<unknown>)[],
  shut: (value: Value) => Promise<void> = () => Promise.resolve(),
): Promise<Value> {
  const opening = open()
  closers.push(() => opening.then(shut, () => undefined))
  return opening
}

function exitUndrained(log: Logger, error: Error): void {
  log.fatal(
    { err: error },
    'stopped without waiting for the database, which does not answer; what was under way goes on when its leases expire',
  )
  process.exit(1)
}
