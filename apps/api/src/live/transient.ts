import { setTimeout as sleep } from 'node:timers/promises'
import { isTransient as isTransientSql } from '@mediakeep/sql'

/** Whether a statement that failed so may succeed later: a database that is away, or restarts, through either driver. */
export function isTransient(error: unknown): boolean {
  if (isTransientSql(error)) return true
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  // Prisma's own: P1xxx cannot reach the server or lost it, P2024 no connection was free.
  return (
    error.name === 'PrismaClientInitializationError' ||
    (error.name.startsWith('PrismaClient') && /^P(?:1\d{3}|2024)$/.test(String(code))) ||
    isTransient(error.cause)
  )
}

export const RETRY_MS = 200

/** Works until it succeeds, as long as what fails may succeed later. */
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
