// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const apiTokens: TableContract = {
  table: 'mediakeep.api_tokens',
  comment: 'API tokens by the hash of their secret; revoked ones stay, for the audit log names them',
  columns: {
    token_id: 'text not null',
    name: 'text not null',
    secret_sha256: 'text not null',
    scopes: 'text[] not null',
    created_by: 'text not null',
    created_at: 'timestamp with time zone not null default now()',
    expires_at: 'timestamp with time zone',
    revoked_at: 'timestamp with time zone',
    last_used_at: 'timestamp with time zone',
  },
  comments: {
    last_used_at: 'To the minute: written rarely',
  },
  constraints: {
    api_tokens_pkey: 'PRIMARY KEY (token_id)',
    api_tokens_scopes_check:
      "CHECK (((cardinality(scopes) > 0) AND (scopes <@ ARRAY['read'::text, 'import'::text, 'analyze'::text, 'operate'::text, 'admin'::text])))",
    api_tokens_secret_sha256_check: "CHECK ((secret_sha256 ~ '^[0-9a-f]{64}$'::text))",
    api_tokens_secret_sha256_key: 'UNIQUE (secret_sha256)',
  },
  indexes: {
    api_tokens_name_idx: 'unique btree (name) WHERE (revoked_at IS NULL)',
  },
}
