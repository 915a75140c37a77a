// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custody: TableContract = {
  table: 'mediakeep.custody',
  comment: 'The custody log, numbered without gaps; append-only, and never pruned',
  partitionBy: 'RANGE (number)',
  columns: {
    number: 'bigint not null',
    payload: 'text not null',
    prev_hash: 'bytea not null',
    hash: 'bytea not null',
    kind: "text not null generated always as (((payload)::jsonb ->> 'kind'::text)) stored",
    subject: "text not null generated always as (((payload)::jsonb ->> 'subject'::text)) stored",
  },
  comments: {
    payload: 'The entry as canonical JSON (RFC 8785): the text that was hashed',
    prev_hash: 'Hash of the entry before; zeros for the first',
    hash: 'SHA-256 over purpose, prev_hash and payload',
  },
  constraints: {
    custody_pkey: 'PRIMARY KEY (number)',
  },
  indexes: {
    custody_subject_idx: 'btree (subject, number)',
  },
  triggers: {
    custody_is_append_only:
      'BEFORE DELETE OR UPDATE ON mediakeep.custody FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change()',
    custody_is_not_truncated:
      'BEFORE TRUNCATE ON mediakeep.custody FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()',
  },
}
