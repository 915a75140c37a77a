// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyKeys: TableContract = {
  table: 'mediakeep.custody_keys',
  comment: 'Public halves of the keys that signed checkpoints, in their order; the last one signs',
  columns: {
    place: 'integer not null generated always as identity',
    fingerprint: 'text not null',
    public_key: 'bytea not null',
    created_at: 'timestamp with time zone not null default now()',
  },
  comments: {
    fingerprint: 'SHA-256 of public_key',
    public_key: 'Ed25519, SubjectPublicKeyInfo',
  },
  constraints: {
    custody_keys_fingerprint_key: 'UNIQUE (fingerprint)',
    custody_keys_pkey: 'PRIMARY KEY (place)',
  },
  triggers: {
    custody_keys_is_append_only:
      'BEFORE DELETE OR UPDATE ON mediakeep.custody_keys FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change()',
    custody_keys_is_not_truncated:
      'BEFORE TRUNCATE ON mediakeep.custody_keys FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()',
  },
}
