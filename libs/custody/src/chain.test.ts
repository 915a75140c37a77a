import { createHash, createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkpointHash, isSignedBy, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { commitmentTo, isCommittedValue, newSalt } from './commitment.ts'
import { chainEntry, entryHash, NO_ENTRY, parseRecord, type EntryRecord } from './entry.ts'
import { newSigningKey, openPublicKey, openSigningKey } from './signing-key.ts'

const record: EntryRecord = {
  v: 1,
  number: 1,
  epoch: '5e0c1a2b',
  at: '2026-11-30T12:00:00.000000Z',
  kind: 'fetched',
  subject: 'media:med-1',
  actor: { process: 'worker', version: '0.1.0' },
  details: { sha256: 'ab', byteSize: 3 },
  commitments: {},
}

test('the hash of an entry is SHA-256 over its purpose, the previous hash and the canonical record', () => {
  const { payload, hash, prevHash } = chainEntry(NO_ENTRY, record)
  expect(payload).toBe(
    '{"actor":{"process":"worker","version":"0.1.0"},"at":"2026-11-30T12:00:00.000000Z","commitments":{},' +
      '"details":{"byteSize":3,"sha256":"ab"},"epoch":"5e0c1a2b","kind":"fetched","number":1,"subject":"media:med-1","v":1}',
  )
  const expected = createHash('sha256')
    .update('mediakeep custody entry v1\n')
    .update(Buffer.alloc(32))
    .update(payload)
  expect(Buffer.from(hash)).toEqual(expected.digest())
  expect(prevHash).toBe(NO_ENTRY)
  expect(entryHash(hash, payload)).not.toEqual(hash)
})

test('only the canonical text of a whole record is read', () => {
  const { payload } = chainEntry(NO_ENTRY, record)
  expect(parseRecord(payload)).toEqual(record)
  const others = [
    ` ${payload}`,
    payload.replace('"v":1', '"v":1.0'),
    payload.slice(1),
    '[]',
    'null',
    '{"v":1}',
    '1',
  ]
  for (const text of others) expect(parseRecord(text)).toBeUndefined()
})

test('a commitment holds for its value and salt alone, and hides the value without the salt', () => {
  const salt = newSalt()
  const commitment = commitmentTo({ salt, value: 'https://example.com/a' })
  expect(isCommittedValue(commitment, { salt, value: 'https://example.com/a' })).toBe(true)
  expect(isCommittedValue(commitment, { salt, value: 'https://example.com/b' })).toBe(false)
  expect(isCommittedValue(commitment, { salt: newSalt(), value: 'https://example.com/a' })).toBe(false)
  expect(commitmentTo({ salt: newSalt(), value: 'https://example.com/a' })).not.toBe(commitment)
  // The border between salt and value is fixed.
  const moved = { salt: Buffer.concat([salt, Buffer.from('h')]), value: 'ttps://example.com/a' }
  expect(isCommittedValue(commitment, moved)).toBe(false)
})

test('a key is kept as text, known by its fingerprint, and its signatures are plain Ed25519', () => {
  const text = newSigningKey()
  const key = openSigningKey(text)
  expect(newSigningKey()).not.toBe(text)
  expect(openSigningKey(text).publicKey.fingerprint).toBe(key.publicKey.fingerprint)
  expect(openPublicKey(key.publicKey.der).fingerprint).toBe(key.publicKey.fingerprint)
  expect(key.publicKey.fingerprint).toBe(createHash('sha256').update(key.publicKey.der).digest('hex'))
  const data = Buffer.from('something')
  const plain = createPublicKey({ key: key.publicKey.der, format: 'der', type: 'spki' })
  expect(verify(null, data, plain, key.sign(data))).toBe(true)
})

const state = {
  epoch: '5e0c1a2b',
  count: 2,
  head: 'aa',
  since: 0,
  root: 'bb',
  previous: null,
  at: '2026-11-30T12:00:00.000000Z',
}

test('a checkpoint names its key, and its signature holds for that key and text alone', () => {
  const [key, other] = [openSigningKey(newSigningKey()), openSigningKey(newSigningKey())]
  const checkpoint = signCheckpoint(key, state)
  expect(parseCheckpoint(checkpoint.body)).toEqual({ ...state, v: 1, key: key.publicKey.fingerprint })
  expect(isSignedBy(key.publicKey, checkpoint)).toBe(true)
  expect(isSignedBy(other.publicKey, checkpoint)).toBe(false)
  const edited = { ...checkpoint, body: checkpoint.body.replace('"count":2', '"count":3') }
  expect(isSignedBy(key.publicKey, edited)).toBe(false)
  expect(checkpointHash(edited)).not.toBe(checkpointHash(checkpoint))
  // A signature over the bare body, made for another purpose, is not one of a checkpoint.
  expect(
    isSignedBy(key.publicKey, { ...checkpoint, signature: key.sign(Buffer.from(checkpoint.body)) }),
  ).toBe(false)
})

test('only the canonical text of a whole checkpoint is read', () => {
  const { body } = signCheckpoint(openSigningKey(newSigningKey()), state)
  for (const text of [`${body} `, '{}', 'null', body.replace('"since":0', '"since":2'), body.slice(1)])
    expect(parseCheckpoint(text)).toBeUndefined()
})
