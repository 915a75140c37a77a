import { setTimeout as sleep } from 'node:timers/promises'
import { backoff } from '@mediakeep/sql'
import type { Stage } from '@mediakeep/lease'
import type { Logger } from 'pino'

/** Receives the progress of each stage. */
export interface StageObserver {
  begin(stage: string): void
  /** Called when a pass starts; `advance` follows while it works, if the stage reports its progress. */
  enter?(stage: string, reportsProgress: boolean): void
  advance?(stage: string): void
  /** Called when a pass ends without an error. */
  succeed(stage: string): void
  fail(stage: string, error: unknown): void
}

export interface RunOptions {
  readonly log: Logger
  readonly progress?: StageObserver
  /** Polling interval of an idle stage, in milliseconds; default 500. */
  readonly idleMs?: number
  /** Delay after a failed pass, in milliseconds; default 1000, doubles up to a minute while failures continue. */
  readonly failureMs?: number
}

/**
 * Runs all stages concurrently until the signal aborts; resolves when all have given back what they held. A
 * stage that fails (a database restart, a full disk) is retried, and never stops the others.
 */
export async function runStages(
  stages: readonly Stage[],
  signal: AbortSignal,
  options: RunOptions,
): Promise<void> {
  await Promise.all(stages.map((stage) => runStage(stage, signal, options)))
}

async function runStage(stage: Stage, signal: AbortSignal, options: RunOptions): Promise<void> {
  const { log, idleMs = 500, failureMs = 1000 } = options
  let failures = 0
  options.progress?.begin(stage.name)
  while (!signal.aborted) {
    try {
      options.progress?.enter?.(stage.name, stage.reportsProgress === true)
      const { done, failed } = await stage.drain(signal, () => options.progress?.advance?.(stage.name))
      const level = stage.isRoutine === true && failed === 0 ? 'debug' : 'info'
      if (done + failed > 0) log[level]({ stage: stage.name, done, failed }, 'stage')
      failures = 0
      options.progress?.succeed(stage.name)
      await pause(idleMs, signal)
    } catch (error) {
      options.progress?.fail(stage.name, error)
      log.error({ stage: stage.name, err: error }, 'stage failed, will try again')
      await pause(backoff(++failures, { first: failureMs, longest: 60_000 }), signal)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}
