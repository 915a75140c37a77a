import type { ServerResponse } from 'node:http'

/** What the server needs for its work, by name. Each rejects when it is not there; a text it resolves with is shown. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

/** The outcome of each check, by name. */
export type Readiness = () => Promise<readonly (readonly [name: string, Outcome])[]>

const TIMEOUT_MS = 5000
/** Anybody may ask, as often as they like: they share a result for this long. */
const KEPT_MS = 3000

/** Runs all checks at most once at a time, and shares the results. */
export function openReadiness(checks: ReadinessChecks): Readiness {
  const underWay = new Map<string, Promise<unknown>>()
  // A check that did not answer in time may still run: it is waited for again, not started a second time.
  const start = (name: string, check: () => Promise<unknown>): Promise<unknown> => {
    const started = underWay.get(name) ?? check().finally(() => underWay.delete(name))
    underWay.set(name, started)
    return started
  }
  const run: Readiness = () =>
    Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await outcome(start(name, check))] as const),
    )
  let last: { until: number; readonly results: ReturnType<Readiness> } | undefined
  return () => {
    if (last && performance.now() < last.until) return last.results
    const current = { until: Infinity, results: run() }
    last = current
    void current.results.then(() => (current.until = performance.now() + KEPT_MS))
    return current.results
  }
}

/** Answers 200 when everything is there, otherwise 503; what is not there, for those who may know. */
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
