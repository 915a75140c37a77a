// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyItems: TableContract = {
  table: 'mediakeep.custody_items',
  comment:
    'Items of entries that report the same of many files; the entry holds their number and the Merkle root over them; append-only',
  columns: {
    number: 'bigint not null',
    position: 'integer not null',
    subject: 'text not null',
    item: 'text not null',
  },
  comments: {
    item: 'Canonical JSON (RFC 8785): the text that was hashed',
  },
  constraints: {
    custody_items_pkey: 'PRIMARY KEY (number, "position")',
  },
  indexes: {
    custody_items_subject_idx: 'btree (subject, number)',
  },
  triggers: {
    custody_items_is_append_only:
      'BEFORE DELETE OR UPDATE ON mediakeep.custody_items FOR EACH ROW EXECUTE FUNCTION mediakeep.refuse_change()',
    custody_items_is_not_truncated:
      'BEFORE TRUNCATE ON mediakeep.custody_items FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()',
  },
}
