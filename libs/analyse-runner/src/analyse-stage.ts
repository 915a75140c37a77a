import { availableParallelism, hostname } from 'node:os'
import { extendAnalyses } from '@mediakeep/analysis'
import { leaseKeeper, type Stage, type StageLog } from '@mediakeep/lease'
import { createPictureDrawer } from '@mediakeep/picture'
import type { AnalyserPlugin } from '@mediakeep/plugin-api'
import type { Isolation } from '@mediakeep/sandbox'
import type { Database } from '@mediakeep/sql'
import PQueue from 'p-queue'
import { createHandIn } from './hand-in.ts'
import { createLane, type FileSource } from './lane.ts'
import { openAnalyser, type OpenAnalyser } from './open-analyser.ts'

export interface AnalyseStageOptions {
  readonly db: Database
  readonly files: FileSource
  /** Analysers to run in this process; each must be configured in the database. */
  readonly analysers: readonly AnalyserPlugin[]
  readonly leaseSeconds: number
  /** How the processes that decode are kept from the rest of the machine. */
  readonly isolation: Isolation
  readonly log: StageLog
  /** Source of the children's environment; each analyser names the variables its children see. */
  readonly environment?: NodeJS.ProcessEnv | undefined
  /** Number of files decoded at once; default: one per core. */
  readonly cores?: number | undefined
  /** Interval between checks of a spent budget, in milliseconds; default 10,000. */
  readonly budgetLookMs?: number | undefined
}

/** A stage with its own processes. */
export interface AnalyseStage extends Stage {
  /** Ends its child processes. Call it when no drain is running any more. */
  close(): Promise<void>
}

/**
 * The analysis stage: each analyser takes its analyses from the queue and hands in the results. Any number of
 * processes may run it at once, each with its own analysers.
 */
export function analyseStage(options: AnalyseStageOptions): AnalyseStage {
  const { db, files, leaseSeconds, log, budgetLookMs, cores = availableParallelism() } = options
  const { environment = process.env, isolation } = options
  const pictures = createPictureDrawer({ size: cores, isolation })
  const turns = new PQueue({ concurrency: cores })
  const keeper = leaseKeeper({ extend: extendAnalyses }, db, leaseSeconds)
  const handIn = createHandIn(db)
  const worker = `${hostname()}:${process.pid}`
  const open = options.analysers.map((plugin) =>
    openAnalyser(plugin, { pictures, cores, environment, isolation }),
  )
  const lanes = open.map((one) => {
    const { runsIn = 'child', concurrency = cores } = one.analyser
    const parts = { db, keeper, handIn, files, leaseSeconds, worker, log, budgetLookMs }
    // Analysers that wait for a service need no core; the others share the cores.
    return runsIn === 'host'
      ? createLane(one, concurrency, parts)
      : createLane(inTurn(one, turns), Math.min(concurrency, cores), parts)
  })
  return {
    name: 'analyse',
    async drain(signal) {
      const reports = await Promise.allSettled(lanes.map((lane) => lane.drain(signal)))
      const broken = reports.find((report) => report.status === 'rejected')
      if (broken) throw broken.reason
      const passes = reports.flatMap((report) => (report.status === 'fulfilled' ? [report.value] : []))
      const sum = (count: (pass: (typeof passes)[number]) => number) =>
        passes.reduce((all, pass) => all + count(pass), 0)
      return { done: sum(({ done }) => done), failed: sum(({ failed }) => failed) }
    },
    async close() {
      keeper.stop()
      await Promise.all([pictures.close(), ...open.map((one) => one.close())])
    },
  }
}

function inTurn(one: OpenAnalyser, turns: PQueue): OpenAnalyser {
  return { ...one, analyse: (input, signal) => turns.add(() => one.analyse(input, signal)) }
}
