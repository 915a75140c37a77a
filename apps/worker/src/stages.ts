import type { Logger } from 'pino'
import type { AnalyseStage } from '@mediakeep/analyse-runner'
import { expireAnalyses, planAnalyses } from '@mediakeep/analysis'
import type { FileCache } from '@mediakeep/cache'
import type { Config } from '@mediakeep/config'
import type { Archive } from '@mediakeep/content'
import { makeCheckpoint, programActor, sequenceCustody } from '@mediakeep/custody'
import { downloadStage, fileStage, type FileStageOptions } from '@mediakeep/download'
import { pruneEvents } from '@mediakeep/events'
import { importStage, readStoredIdentity } from '@mediakeep/import'
import { type Stage, periodicTasks } from '@mediakeep/lease'
import { returnToSource } from '@mediakeep/media'
import { readMediaUrl } from '@mediakeep/media-url'
import {
  archiveStage,
  assertQuarantineHasRoom,
  cacheHeartbeat,
  countCacheTask,
  evictTask,
  inspectStage,
  keepDiskRoom,
  quarantineTask,
  garbageTask,
  seekTask,
  verifyTask,
} from '@mediakeep/pipeline'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { reconcile } from '@mediakeep/reconcile'
import type { Intake } from '@mediakeep/runtime'
import type { Database } from '@mediakeep/sql'
import { repairTask } from './repair-analyses.ts'
import { sweepUploads } from './sweep-uploads.ts'

export interface StageParts extends Intake {
  readonly db: Database
  readonly cache: FileCache
  readonly archive: Archive
  readonly formats: readonly SourceFormat[]
  readonly analysis: AnalyseStage
  readonly config: Pick<Config, 'machine' | 'cache' | 'download' | 'uploadFolder' | 'verifyEverySeconds'>
  readonly log: Logger
}

/** After kill -9, another process takes over the work within this time. */
const LEASE_SECONDS = 30
const UPLOADS_AT_ONCE = 16
const MINUTE = 60
const HOUR = 60 * MINUTE
/** A client that was away can still catch up within this time, in seconds. */
const EVENTS_KEPT = 7 * 24 * HOUR

/** Creates every stage of the pipeline. Any process may run any of them: the rows are the queue. */
export function createStages(parts: StageParts): Stage[] {
  return [
    imports(parts),
    downloads(parts),
    exportFiles(parts),
    inspections(parts),
    uploads(parts),
    parts.analysis,
    upkeep(parts),
    heartbeat(parts),
  ]
}

export function imports({ db, config, formats, log }: StageParts): Stage {
  return importStage({ db, machine: config.machine, formats, leaseSeconds: LEASE_SECONDS, log })
}

export function downloads(parts: StageParts): Stage {
  const { concurrencyPerHost } = parts.config.download
  return downloadStage({ ...storing(parts), concurrencyPerHost })
}

/** Stores media that are files of exports on this machine. */
export function exportFiles(parts: StageParts): Stage {
  return fileStage({ ...storing(parts), machine: parts.config.machine })
}

function storing({
  db,
  cache,
  archive,
  fetcher,
  sniffer,
  inspector,
  config,
  log,
}: StageParts): Omit<FileStageOptions, 'machine'> {
  return {
    db,
    cache,
    fetcher,
    sniffer,
    inspector,
    async makeRoom(how) {
      await assertQuarantineHasRoom(db, cache, config.cache.quarantine.maxBytes)
      await keepDiskRoom({ db, cache, archive, log, reserveBytes: config.cache.reserveBytes }, how)
    },
    leaseSeconds: LEASE_SECONDS,
    log,
  }
}

/** One file for each process that decodes, and as many in reserve. */
export function inspections({ db, cache, inspector, log }: StageParts): Stage {
  const concurrency = inspector.concurrency * 2
  return inspectStage({ db, cache, inspector, concurrency, leaseSeconds: LEASE_SECONDS, log })
}

export function uploads({ db, cache, archive, log }: StageParts): Stage {
  return archiveStage({ db, cache, archive, concurrency: UPLOADS_AT_ONCE, leaseSeconds: LEASE_SECONDS, log })
}

/** Reports that this machine's cache is in use. */
function heartbeat({ db, cache, config }: StageParts): Stage {
  const { absentAfterSeconds } = config.cache
  return cacheHeartbeat(db, { id: cache.id, host: config.machine, folder: cache.root, absentAfterSeconds })
}

/** Dependencies of periodic work. */
export interface UpkeepParts extends Pick<StageParts, 'db' | 'cache' | 'archive' | 'formats' | 'log'> {
  readonly config: Pick<Config, 'machine' | 'uploadFolder' | 'verifyEverySeconds'> & {
    readonly cache: Pick<Config['cache'], 'maxBytes' | 'quarantine'>
  }
}

/** Periodic work; one process at a time runs each task. */
export function upkeep({ db, cache, archive, formats, config, log }: UpkeepParts): Stage {
  const keeping = { db, cache, archive }
  return periodicTasks({
    db,
    leaseSeconds: LEASE_SECONDS,
    log,
    tasks: [
      {
        name: 'reconcile',
        everySeconds: MINUTE,
        run: async (signal) => ({
          ...(await reconcile(db, {
            readMediaUrl,
            readPostIdentity: (json) => readStoredIdentity(json, formats),
            signal,
            log: (line) => log.info(line),
          })),
        }),
      },
      {
        name: `sweep:${cache.id}`,
        everySeconds: 30,
        run: async () => ({ ...(await cache.sweepTemporary()) }),
      },
      {
        name: `uploads:${config.machine}`,
        everySeconds: HOUR,
        run: async () => ({ removed: await sweepUploads(db, config.uploadFolder) }),
      },
      {
        name: 'analyses',
        everySeconds: 5,
        run: async () => ({ expired: await expireAnalyses(db), planned: await planAnalyses(db) }),
      },
      {
        name: 'absent-caches',
        everySeconds: 10 * MINUTE,
        run: async (signal) => ({ sentToSource: await returnToSource(db, signal) }),
      },
      repairTask(db, { everySeconds: MINUTE }),
      verifyTask(keeping, { everySeconds: HOUR, wholeSeconds: config.verifyEverySeconds, deep: 5 }),
      seekTask(keeping, { everySeconds: HOUR, contents: 500 }),
      evictTask(keeping, { everySeconds: 10 * MINUTE, maxBytes: config.cache.maxBytes }),
      quarantineTask(keeping, { everySeconds: MINUTE, ...config.cache.quarantine }),
      countCacheTask({ db, cache }, { everySeconds: 15 }),
      garbageTask(keeping, { everySeconds: HOUR, contents: 20_000 }),
      {
        name: 'events',
        everySeconds: 10 * MINUTE,
        run: async (signal) => ({ pruned: await pruneEvents(db, { keepSeconds: EVENTS_KEPT, signal }) }),
      },
      {
        name: 'custody',
        everySeconds: 5,
        run: async (signal) => ({ appended: await sequenceCustody(db, signal) }),
      },
      {
        name: 'custody-checkpoint',
        everySeconds: 10 * MINUTE,
        run: async (signal) => ({ covered: (await makeCheckpoint(db, programActor(), signal)) ?? null }),
      },
    ],
  })
}
