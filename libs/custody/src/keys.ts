import type { Database, Sql } from '@mediakeep/sql'
import type { CustodyActor } from './actor.ts'
import { appendCustody } from './append.ts'
import { keyCreation, keyRotation } from './key-record.ts'
import { insertKey, insertPublicKey, lockKeys, replaceKey, selectKey, selectPublicKeys } from './keys.sql.ts'
import { newSigningKey, openSigningKey, type PublicKey, type SigningKey } from './signing-key.ts'

/**
 * Returns the key that signs checkpoints. The first process that needs it creates it; it is kept in the database, as
 * the secret that signs links is, and its public half is announced in the log.
 */
export async function signingKey(db: Database, actor: CustodyActor): Promise<SigningKey> {
  const found = await readKey(db)
  if (found) return found
  await db.transaction(async (sql) => {
    const text = newSigningKey()
    const { rowCount } = await insertKey(sql, [text])
    if (rowCount === 0) return
    const { publicKey } = openSigningKey(text)
    await listKey(sql, publicKey)
    await appendCustody(sql, actor, [
      { kind: 'key_created', subject: 'keys', details: keyCreation(publicKey) },
    ])
  })
  return await signingKey(db, actor)
}

/**
 * Replaces the signing key. The log gets an entry with the new public key that both keys signed, so what the old key
 * vouched for leads to the new one.
 */
export async function rotateSigningKey(db: Database, actor: CustodyActor): Promise<SigningKey> {
  await signingKey(db, actor)
  return await db.transaction(async (sql) => {
    await lockKeys(sql)
    const old = (await readKey(sql))!
    const text = newSigningKey()
    const key = openSigningKey(text)
    await replaceKey(sql, [text])
    await listKey(sql, key.publicKey)
    await appendCustody(sql, actor, [
      { kind: 'key_rotated', subject: 'keys', details: keyRotation(old, key) },
    ])
    return key
  })
}

export async function readKey(sql: Sql): Promise<SigningKey | undefined> {
  const { rows } = await selectKey(sql)
  return rows[0] && openSigningKey(rows[0].value)
}

async function listKey(sql: Sql, { fingerprint, der }: PublicKey): Promise<void> {
  await insertPublicKey(sql, [fingerprint, der])
}

/** A key as it is published at `/.well-known/mediakeep-keys.json`. */
export interface PublishedKey {
  readonly fingerprint: string
  readonly algorithm: 'Ed25519'
  /** SubjectPublicKeyInfo in base64. */
  readonly publicKey: string
  readonly createdAt: string
  /** True for the key that signs new checkpoints; the others signed earlier ones. */
  readonly isCurrent: boolean
}

export async function publishedKeys(sql: Sql): Promise<PublishedKey[]> {
  const { rows } = await selectPublicKeys(sql)
  return rows.map(({ fingerprint, publicKey, createdAt }, index) => ({
    fingerprint,
    algorithm: 'Ed25519',
    publicKey: publicKey.toString('base64'),
    createdAt: createdAt.toISOString(),
    isCurrent: index === rows.length - 1,
  }))
}
