import type { Database, Sql } from '@mediakeep/sql'
import type { CustodyActor } from './actor.ts'
import { checkpointHash, signCheckpoint, type Checkpoint } from './checkpoint.ts'
import { readKey, signingKey } from './keys.ts'
import { lockKeys } from './keys.sql.ts'
import { insertCheckpoint, selectHashes, selectLastCheckpoint, selectState } from './make-checkpoint.sql.ts'
import { openMerkleBuilder } from './merkle.ts'
import { sequenceCustody } from './sequence.ts'

const HASHES_A_READ = 10_000

/**
 * Signs the present state of the log, if it has entries that no checkpoint covers. One transaction makes a checkpoint
 * at a time, so each names the one before it.
 *
 * @returns the number of entries that the new checkpoint covers; undefined if none was made
 */
export async function makeCheckpoint(
  db: Database,
  actor: CustodyActor,
  signal?: AbortSignal,
): Promise<number | undefined> {
  await signingKey(db, actor)
  return await db.transaction(async (sql) => {
    await lockKeys(sql)
    await sequenceCustody(sql, signal)
    const last = (await selectLastCheckpoint(sql)).rows[0]
    const since = last?.count ?? 0
    const state = (await selectState(sql)).rows[0]
    if (!state || state.count === since) return undefined
    const key = (await readKey(sql))!
    // The entry of a new key is not numbered yet, because another process is numbering entries: the next run is soon.
    if (state.key !== key.publicKey.fingerprint) return undefined
    const { count, epoch, at } = state
    const checkpoint = signCheckpoint(key, {
      epoch,
      count,
      head: state.hash.toString('hex'),
      since,
      root: await rootBetween(sql, since, count, signal),
      previous: last ? checkpointHash(last) : null,
      at,
    })
    await storeCheckpoint(sql, count, checkpoint)
    return count
  })
}

/** Entries of the log are missing. */
export class MissingEntriesError extends Error {
  override readonly name = 'MissingEntriesError'
  readonly code = 'missing_entries'
}

/** @throws MissingEntriesError if the log does not have all these entries */
export async function rootBetween(
  sql: Sql,
  since: number,
  count: number,
  signal?: AbortSignal,
): Promise<string> {
  const tree = openMerkleBuilder()
  for (let after = since; after < count;) {
    signal?.throwIfAborted()
    const { rows } = await selectHashes(sql, [after, count, HASHES_A_READ])
    if (rows.length === 0) break
    for (const { hash } of rows) tree.add(hash)
    after = rows.at(-1)!.number
  }
  if (tree.size !== count - since)
    throw new MissingEntriesError(
      `The custody log has ${tree.size} of the ${count - since} entries from ${since + 1} to ${count}: run "mediakeep custody verify".`,
    )
  return tree.root().toString('hex')
}

async function storeCheckpoint(sql: Sql, count: number, { body, signature }: Checkpoint): Promise<void> {
  await insertCheckpoint(sql, [count, body, signature])
}

/** Returns the newest checkpoint, which is worth saving outside the installation. */
export async function latestCheckpoint(sql: Sql): Promise<Checkpoint | undefined> {
  return (await selectLastCheckpoint(sql)).rows[0]
}
