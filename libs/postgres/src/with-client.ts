import type pg from 'pg'
import { cancelStatement } from './cancel.ts'
import type { SessionClient } from './session-client.ts'

/** read_only_sql_transaction */
const READ_ONLY = '25006'

export interface Lent {
  readonly client: pg.PoolClient
  /** Says that the connection must not be used again. */
  readonly markBroken: (error: unknown) => void
}

/**
 * Lends a connection of the pool to `work`. When the signal aborts, the statement that runs is cancelled and the
 * connection is given up.
 * @throws the signal's reason once it aborted
 */
export async function withClient<Result>(
  pool: pg.Pool,
  signal: AbortSignal | undefined,
  work: (lent: Lent) => Promise<Result>,
): Promise<Result> {
  const client = await acquire(pool, signal)
  let broken: unknown
  const markBroken = (error: unknown): void => {
    broken ??= error
  }
  const cancel = (): void => {
    markBroken(signal?.reason)
    cancelStatement(client)
  }
  // A connection that breaks between two statements says so here; the next statement rejects anyway.
  client.on('error', markBroken)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work({ client, markBroken })
  } catch (error) {
    // A server that became a standby: the next connection may find the new primary. A connection that a deadline cut
    // looks usable until the driver hears of it, and would fail whoever got it next.
    const isStandby = (error as { code?: string }).code === READ_ONLY
    if (isStandby || (client as unknown as SessionClient).isCut) markBroken(error)
    throw signal?.aborted ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', cancel)
    client.off('error', markBroken)
    client.release(broken as Error | undefined)
  }
}

/** A free connection. One that comes when nobody waits for it any more goes back. */
async function acquire(pool: pg.Pool, signal: AbortSignal | undefined): Promise<pg.PoolClient> {
  if (!signal) return pool.connect()
  signal.throwIfAborted()
  const connecting = pool.connect()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => {
    connecting.then((client) => client.release(), ignore)
    reject(signal.reason as Error)
  }
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([connecting, aborted])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

const ignore = (): void => {}
