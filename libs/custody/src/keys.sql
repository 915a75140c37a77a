-- @name selectKey
-- @notNull value
SELECT value #>> '{}' AS value FROM mediakeep.settings WHERE name = 'custody_signing_key';

-- @name insertKey
-- @params value2
INSERT INTO mediakeep.settings (name, value) VALUES ('custody_signing_key', to_jsonb($1::text)) ON CONFLICT (name) DO NOTHING;

-- @name replaceKey
-- @params value2
UPDATE mediakeep.settings SET value = to_jsonb($1::text), updated_at = now() WHERE name = 'custody_signing_key';

-- @name insertPublicKey
-- @params fingerprint publicKey
INSERT INTO mediakeep.custody_keys (fingerprint, public_key) VALUES ($1, $2);

-- @name lockKeys
-- Keys change and checkpoints are made by one transaction at a time.
SELECT place FROM mediakeep.custody_keys ORDER BY place LIMIT 1 FOR UPDATE;

-- @name selectPublicKeys
SELECT fingerprint, public_key AS "publicKey", created_at AS "createdAt" FROM mediakeep.custody_keys ORDER BY place;
