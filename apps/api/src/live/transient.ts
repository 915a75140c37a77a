import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient as isTransientSql } from '@mediakeep/sql'

/** True when a failed statement may succeed later (database down or restarting), for the errors of both drivers. */
export function isTransient(error: unknown): boolean {
  if (isTransientSql(error)) return true
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  // Prisma's own codes: P1xxx cannot reach the server or lost it, P2024 no connection was free.
  return (
    error.name === 'PrismaClientInitializationError' ||
    (error.name.startsWith('PrismaClient') && /^P(?:1\d{3}|2024)$/.test(String(code))) ||
    isTransient(error.cause)
  )
}

export const RETRY_MS = 200

/** Retries until the work succeeds, as long as its failure is transient. */
export async function retryWhileTransient<Result>(
  work: () => Promise<Result>,
  { onError, signal }: { readonly onError: (error: unknown) => void; readonly signal: AbortSignal },
): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error) || signal.aborted) throw error
      onError(error)
      await sleep(RETRY_MS)
    }
  }
}
