// Generated from keys.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectKey = statement<
  [],
  { value: string }
>(`
SELECT value #>> '{}' AS value FROM mediakeep.settings WHERE name = 'custody_signing_key'`)

export const insertKey = statement<
  [value2: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.settings (name, value) VALUES ('custody_signing_key', to_jsonb($1::text)) ON CONFLICT (name) DO NOTHING`)

export const replaceKey = statement<
  [value2: string | null | undefined],
  object
>(`
UPDATE mediakeep.settings SET value = to_jsonb($1::text), updated_at = now() WHERE name = 'custody_signing_key'`)

export const insertPublicKey = statement<
  [fingerprint: string | null | undefined, publicKey: Uint8Array | null | undefined],
  object
>(`
INSERT INTO mediakeep.custody_keys (fingerprint, public_key) VALUES ($1, $2)`)

/**
 * Keys change and checkpoints are made by one transaction at a time.
 */
export const lockKeys = statement<
  [],
  { place: number }
>(`
SELECT place FROM mediakeep.custody_keys ORDER BY place LIMIT 1 FOR UPDATE`)

export const selectPublicKeys = statement<
  [],
  { fingerprint: string; publicKey: Buffer; createdAt: Date }
>(`
SELECT fingerprint, public_key AS "publicKey", created_at AS "createdAt" FROM mediakeep.custody_keys ORDER BY place`)
