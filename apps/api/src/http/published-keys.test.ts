import { makeCheckpoint, programActor, rotateSigningKey } from '@mediakeep/custody'
import { createTestDatabase } from '@mediakeep/testing'
import { expect, onTestFinished, test } from 'vitest'
import { startTestApi } from '../api.fixture.ts'

test('everybody can read the public keys that sign checkpoints, and no private one', async () => {
  const db = await createTestDatabase()
  onTestFinished(() => db.drop())
  await makeCheckpoint(db, programActor())
  const key = await rotateSigningKey(db, programActor())
  const api = await startTestApi(db)
  onTestFinished(() => api.close())
  const response = await fetch(`${api.url}/.well-known/mediakeep-keys.json`)
  const text = await response.text()
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(JSON.parse(text)).toMatchObject({
    keys: [
      { algorithm: 'Ed25519', isCurrent: false },
      {
        fingerprint: key.publicKey.fingerprint,
        publicKey: key.publicKey.der.toString('base64'),
        isCurrent: true,
      },
    ],
  })
  const { rows } = await db.query<{ secret: string }>(
    `SELECT value #>> '{}' AS secret FROM mediakeep.settings WHERE name = 'custody_signing_key'`,
  )
  expect(rows[0]!.secret.length).toBeGreaterThan(40)
  expect(text).not.toContain(rows[0]!.secret)
})
