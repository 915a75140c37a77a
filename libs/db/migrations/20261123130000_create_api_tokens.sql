-- Who may ask the API. Of a token's secret only the hash is kept: 256 random bits need no slow one.
CREATE TABLE mediakeep.api_tokens (
  token_id text PRIMARY KEY,
  name text NOT NULL,
  secret_sha256 text NOT NULL,
  scopes text[] NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  CONSTRAINT api_tokens_secret_sha256_key UNIQUE (secret_sha256),
  CONSTRAINT api_tokens_secret_sha256_check CHECK (secret_sha256 ~ '^[0-9a-f]{64}$'),
  CONSTRAINT api_tokens_scopes_check
    CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['read', 'import', 'analyze', 'operate', 'admin'])
);
COMMENT ON TABLE mediakeep.api_tokens IS 'API tokens by the hash of their secret; revoked ones stay, for the audit log names them';
COMMENT ON COLUMN mediakeep.api_tokens.last_used_at IS 'To the minute: written rarely';
-- A name is what a person revokes by: one living token each.
CREATE UNIQUE INDEX api_tokens_name_idx ON mediakeep.api_tokens (name) WHERE revoked_at IS NULL;
