import { extname } from 'node:path'
import type { PictureDrawer } from '@mediakeep/picture'
import type { Analyser, AnalyserPlugin, PictureOptions } from '@mediakeep/plugin-api'
import { createSandbox, JobError, SandboxError, type Isolation } from '@mediakeep/sandbox'
import { toPicture, translate, type AnalysisJob, type FileInput } from './analysis-job.ts'
import { outcomeOf, type Outcome } from './outcome.ts'

/** An analyser that is ready to work, in a child or in this process. */
export interface OpenAnalyser {
  readonly analyser: Analyser
  /** Never crashes the process. @throws only the signal's reason, when it aborts */
  analyse(input: FileInput, signal: AbortSignal): Promise<Outcome>
  close(): Promise<void>
}

export interface OpenAnalyserOptions {
  /** Draws pictures for analysers that run in this process. */
  readonly pictures: PictureDrawer
  /** Maximum number of children per analyser. */
  readonly cores: number
  /** Children get the variables from it that their analyser names in `env`. */
  readonly environment: NodeJS.ProcessEnv
  /** How children are kept from the rest of the machine. */
  readonly isolation: Isolation
}

const DEFAULT_TIMEOUT_MS = 60_000
const GIB = 1024 ** 3
const JOB = new URL(`./analysis-job${extname(import.meta.url)}`, import.meta.url)

export function openAnalyser(plugin: AnalyserPlugin, options: OpenAnalyserOptions): OpenAnalyser {
  return plugin.analyser.runsIn === 'host' ? openHere(plugin, options) : openInChildren(plugin, options)
}

function openInChildren({ module, analyser }: AnalyserPlugin, options: OpenAnalyserOptions): OpenAnalyser {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, maxMemoryBytes = GIB, concurrency = options.cores } = analyser
  const seen = (analyser.env ?? []).map((name) => [name, options.environment[name]])
  const env = Object.fromEntries(seen.filter((pair): pair is [string, string] => pair[1] !== undefined))
  const size = Math.min(concurrency, options.cores)
  const { isolation } = options
  const sandbox = createSandbox({
    module: JOB,
    modules: [module],
    size,
    timeoutMs,
    maxMemoryBytes,
    isolation,
    env,
  })
  return {
    analyser,
    async analyse(input, signal) {
      try {
        const job: AnalysisJob = { module, input }
        return await sandbox.run<Outcome>(job, { signal })
      } catch (error) {
        if (signal.aborted) throw signal.reason
        return outcomeOfChild(error)
      }
    },
    close: () => sandbox.close(),
  }
}

/** The machine cannot start children at all: the analyser pauses, and no attempt counts. */
const UNAVAILABLE_REST_MS = 30_000

/** A lost child is usually the file's fault, but the machine may have run out of memory, so one retry is allowed. */
function outcomeOfChild(error: unknown): Outcome {
  if (error instanceof SandboxError && error.code === 'unavailable') {
    return { kind: 'rest', restMs: UNAVAILABLE_REST_MS, error: `${error.code}: ${error.message}` }
  }
  if (error instanceof SandboxError && error.code !== 'closed') {
    return { kind: 'failed', error: `${error.code}: ${error.message}`, retryable: 'once' }
  }
  if (error instanceof JobError) return { kind: 'failed', error: error.message, retryable: true }
  throw error
}

function openHere({ analyser }: AnalyserPlugin, { pictures }: OpenAnalyserOptions): OpenAnalyser {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = analyser
  return {
    analyser,
    async analyse(input, signal) {
      const timeout = AbortSignal.timeout(timeoutMs)
      const either = AbortSignal.any([signal, timeout])
      const picture = (options?: PictureOptions) =>
        pictures.draw(input, options, { signal: either }).then(toPicture, translate)
      try {
        const working = analyser.analyse({ ...input, picture }, { signal: either })
        const { result, usage } = await Promise.race([working, rejection(either)])
        return { kind: 'done', result, usage }
      } catch (error) {
        if (signal.aborted) throw signal.reason
        if (error instanceof SandboxError && error.code === 'unavailable') return outcomeOfChild(error)
        if (!timeout.aborted) return outcomeOf(error)
        return { kind: 'failed', error: `timeout: it took more than ${timeoutMs} ms`, retryable: true }
      }
    },
    close: () => Promise.resolve(),
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}
