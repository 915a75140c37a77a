import type { ServerResponse } from 'node:http'

/** Something the server cannot do its work without; rejects when it is not there. */
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
  const ready = !draining && results.every(([, result]) => result === 'ok')
  response.writeHead(ready ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(
    JSON.stringify({
      status: draining ? 'draining' : ready ? 'ok' : 'failing',
      ...(withDetails && Object.fromEntries(results)),
    }),
  )
}

async function outcome(check: () => Promise<unknown>): Promise<string> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    await Promise.race([
      check(),
      new Promise((_resolve, reject) => {
        timeout.addEventListener('abort', () => reject(new Error(`no answer within ${TIMEOUT_MS} ms`)))
      }),
    ])
    return 'ok'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
