// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyCheckpoints: TableContract = {
  table: 'mediakeep.custody_checkpoints',
  comment: 'Signed states of the custody log, each of which names the one before',
  columns: {
    count: 'bigint not null',
    body: 'text not null',
    signature: 'bytea not null',
    created_at: 'timestamp with time zone not null default now()',
  },
  comments: {
    count: 'Number of entries that it covers',
    body: 'Canonical JSON (RFC 8785): the text that was signed',
  },
  constraints: {
    custody_checkpoints_pkey: 'PRIMARY KEY (count)',
  },
  triggers: {
    custody_checkpoints_is_append_only:
      'BEFORE DELETE OR UPDATE ON mediakeep.custody_checkpoints FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change()',
    custody_checkpoints_is_not_truncated:
      'BEFORE TRUNCATE ON mediakeep.custody_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()',
  },
}
