import type { ServerResponse } from 'node:http'

/** Something the server cannot do its work without; rejects when it is not there. A text it resolves with is told. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<unknown>>>

const TIMEOUT_MS = 5000

/** Answers 200 when everything is there, otherwise 503; what is not there, for those who may know. */
export async function sendReadiness(
  response: ServerResponse,
  checks: ReadinessChecks,
  isDraining: () => boolean,
  withDetails: boolean,
): Promise<void> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(check)] as const),
  )
  const draining = isDraining()
  const ready = !draining && results.every(([, { ok }]) => ok)
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(
    JSON.stringify({
      status: draining ? 'draining' : ready ? 'ok' : 'failing',
      ...(withDetails && Object.fromEntries(results.map(([name, { told }]) => [name, told]))),
    }),
  )
}

async function outcome(check: () => Promise<unknown>): Promise<{ ok: boolean; told: string }> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const told = await Promise.race([
      check(),
      new Promise((_resolve, reject) => {
        timeout.addEventListener('abort', () => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)))
      }),
    ])
    return { ok: true, told: typeof told === 'string' ? told : 'ok' }
  } catch (error) {
    return { ok: false, told: error instanceof Error ? error.message : String(error) }
  }
}
