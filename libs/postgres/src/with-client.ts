import type pg from 'pg'
import { cancelStatement } from './cancel.ts'
import type { SessionClient } from './session-client.ts'

/** read_only_sql_transaction */
const READ_ONLY = '25006'

export interface Lent {
  readonly client: pg.PoolClient
  /** Marks the connection as unusable. */
  readonly markBroken: (error: unknown) => void
}

/**
 * Lends a connection from the pool to `work`. When the signal aborts, the running statement is cancelled and the
 * connection is discarded.
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
  // A connection that breaks between two statements emits this event; the next statement rejects anyway.
  client.on('error', markBroken)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    return await work({ client, markBroken })
  } catch (error) {
    // The server became a standby: the next connection may reach the new primary. A connection that was cut at its
    // deadline looks usable until the driver notices, and would fail its next user.
    const isStandby = (error as { code?: string }).code === READ_ONLY
    if (isStandby || (client as unknown as SessionClient).isCut) markBroken(error)
    throw signal?.aborted ? signal.reason : error
  } finally {
    signal?.removeEventListener('abort', cancel)
    client.off('error', markBroken)
    client.release(broken as Error | undefined)
  }
}

/** Gets a free connection. If the signal aborts first, the connection is returned to the pool when it arrives. */
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
