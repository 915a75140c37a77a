// Runs in a child process: loads one module and passes it job after job, until its channel closes.
import type { FromChild, ToChild } from './messages.ts'
import type { ThrownByJob } from './sandbox-error.ts'

// Service managers and terminals signal whole groups, but only the parent decides when a child ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())

const [, , specifier] = process.argv
try {
  const { run } = (await import(specifier!)) as { run: (job: unknown) => unknown }
  if (typeof run !== 'function') throw new TypeError(`${specifier!} has no export named \`run\``)
  process.on('message', ({ job }: ToChild) => void answer(run, job))
  tell({ kind: 'ready' })
} catch (error) {
  tell({ kind: 'unusable', thrown: describe(error) })
}

async function answer(run: (job: unknown) => unknown, job: unknown): Promise<void> {
  try {
    tell({ kind: 'result', result: await run(job) })
  } catch (error) {
    tell({ kind: 'thrown', thrown: describe(error) })
  }
}

function tell(message: FromChild): void {
  process.send!(message)
}

function describe(error: unknown): ThrownByJob {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { name: error.name, message: error.message, code }
}
