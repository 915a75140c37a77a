import type { ServerResponse } from 'node:http'

/** Checks of the server's dependencies, by name. Each rejects when unavailable; a text it resolves to is shown. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

/** Returns the outcome of each check, by name; with `names`, of these checks alone, without a wait for the others. */
export type Readiness = (names?: readonly string[]) => Promise<readonly (readonly [name: string, Outcome])[]>

const TIMEOUT_MS = 5000
/** How long a result is shared, in milliseconds: anybody may ask as often as they like. */
const KEPT_MS = 3000

/** Runs all checks, each at most once at a time, and shares the results. */
export function openReadiness(checks: ReadinessChecks): Readiness {
  const underWay = new Map<string, Promise<unknown>>()
  // A check that timed out may still be running: wait for it again instead of starting a second one.
  const start = (name: string, check: () => Promise<unknown>): Promise<unknown> => {
    const started = underWay.get(name) ?? check().finally(() => underWay.delete(name))
    underWay.set(name, started)
    return started
  }
  const kept = new Map<string, { until: number; readonly result: Promise<Outcome> }>()
  const read = (name: string, check: () => Promise<unknown>): Promise<Outcome> => {
    const last = kept.get(name)
    if (last && performance.now() < last.until) return last.result
    const current = { until: Infinity, result: outcome(start(name, check)) }
    kept.set(name, current)
    void current.result.then(() => (current.until = performance.now() + KEPT_MS))
    return current.result
  }
  return (names) =>
    Promise.all(
      Object.entries(checks)
        .filter(([name]) => names?.includes(name) ?? true)
        .map(async ([name, check]) => [name, await read(name, check)] as const),
    )
}

/** Answers 200 when all checks pass, otherwise 503; `withDetails` adds the result of each check. */
export async function sendReadiness(
  response: ServerResponse,
  readiness: Readiness,
  isDraining: () => boolean,
  withDetails: boolean,
): Promise<void> {
  const results = await readiness()
  const draining = isDraining()
  const ready = !draining && results.every(([, { ok }]) => ok)
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(
    JSON.stringify({
      status: draining ? 'draining' : ready ? 'ok' : 'failing',
      ...(withDetails && Object.fromEntries(results.map(([name, { text }]) => [name, text]))),
    }),
  )
}

async function outcome(started: Promise<unknown>): Promise<Outcome> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => timeout.reject(new Error(`no answer within ${TIMEOUT_MS} ms`)), TIMEOUT_MS)
  try {
    const text = await Promise.race([started, timeout.promise])
    return { ok: true, text: typeof text === 'string' ? text : 'ok' }
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
