import { openPool } from '@mediakeep/postgres'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkpointHash, isSignedBy, parseCheckpoint, type Checkpoint } from './checkpoint.ts'
import { publishedKeys, rotateSigningKey, signingKey } from './keys.ts'
import { append, readLog, WORKER } from './log.fixture.ts'
import { makeCheckpoint } from './make-checkpoint.ts'
import { merkleRoot } from './merkle.ts'
import { openPublicKey } from './signing-key.ts'

let db: TestDatabase
beforeEach(async () => {
  db = await createTestDatabase()
})
afterEach(() => db.drop())

async function checkpoints(): Promise<Checkpoint[]> {
  const { rows } = await db.query<{ body: string; signature: Buffer }>(
    'SELECT body, signature FROM mediakeep.custody_checkpoints ORDER BY count',
  )
  return rows
}

test('a checkpoint covers the entries since the one before, names it, and is signed by the published key', async () => {
  await append(db, 'a', 'b')
  expect(await makeCheckpoint(db, WORKER)).toBe(3)
  expect(await makeCheckpoint(db, WORKER)).toBeUndefined()
  await append(db, 'c')
  expect(await makeCheckpoint(db, WORKER)).toBe(4)
  const log = await readLog(db)
  const [first, second] = await checkpoints()
  const [key] = await publishedKeys(db)
  expect(key).toMatchObject({ algorithm: 'Ed25519', isCurrent: true })
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  expect(parseCheckpoint(first!.body)).toMatchObject({
    count: 3,
    since: 0,
    previous: null,
    head: hex(log[2]!.hash),
    root: hex(merkleRoot(log.slice(0, 3).map(({ hash }) => hash))),
    key: key!.fingerprint,
  })
  expect(parseCheckpoint(second!.body)).toMatchObject({
    count: 4,
    since: 3,
    previous: checkpointHash(first!),
    head: hex(log[3]!.hash),
    root: hex(merkleRoot([log[3]!.hash])),
  })
  const published = openPublicKey(Buffer.from(key!.publicKey, 'base64'))
  for (const checkpoint of [first!, second!]) expect(isSignedBy(published, checkpoint)).toBe(true)
})

test('processes that start together share one key, and make one line of checkpoints', async () => {
  const pool = openPool(db.url, { max: 6 })
  const keys = await Promise.all(Array.from({ length: 6 }, () => signingKey(pool, WORKER)))
  expect(new Set(keys.map(({ publicKey }) => publicKey.fingerprint)).size).toBe(1)
  for (let round = 0; round < 5; round++) {
    await append(pool, `m${round}`)
    await Promise.all(Array.from({ length: 4 }, () => makeCheckpoint(pool, WORKER)))
  }
  await pool.close()
  const bodies = (await checkpoints()).map(({ body }) => parseCheckpoint(body)!)
  expect(bodies.map(({ since }) => since)).toEqual([0, ...bodies.slice(0, -1).map(({ count }) => count)])
  expect(bodies.at(-1)!.count).toBe(6)
})

test('a new key signs from its own entry on; the old one stays published', async () => {
  await append(db, 'a')
  await makeCheckpoint(db, WORKER)
  const [old] = await publishedKeys(db)
  const key = await rotateSigningKey(db, { token: 'tok-1', name: 'Jane' })
  expect(await makeCheckpoint(db, WORKER)).toBe(3)
  expect(await publishedKeys(db)).toMatchObject([
    { fingerprint: old!.fingerprint, isCurrent: false },
    { fingerprint: key.publicKey.fingerprint, isCurrent: true },
  ])
  const last = (await checkpoints()).at(-1)!
  expect(isSignedBy(key.publicKey, last)).toBe(true)
  expect((await readLog(db)).map(({ payload }) => /"kind":"(\w+)"/.exec(payload)![1])).toEqual([
    'fetched',
    'key_created',
    'key_rotated',
  ])
})
