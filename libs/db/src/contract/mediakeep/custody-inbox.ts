// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyInbox: TableContract = {
  table: 'mediakeep.custody_inbox',
  comment:
    'Entries that writers appended in their own transactions; the sequencer moves them into mediakeep.custody',
  columns: {
    entry_id: 'bigint not null generated always as identity',
    at: 'timestamp with time zone not null default clock_timestamp()',
    kind: 'text not null',
    subject: 'text not null',
    actor: 'jsonb not null',
    details: "jsonb not null default '{}'::jsonb",
    private: "jsonb not null default '{}'::jsonb",
    items: 'jsonb',
  },
  comments: {
    details:
      'Goes into the chain and can never be erased: random ids, digests of bytes, numbers and codes only',
    private:
      'Texts by name, which the chain only commits to: they are kept in mediakeep.custody_values and can be erased',
    items:
      'Objects with a subject each. Like details, they can never be erased: random ids, digests of bytes, numbers and codes only',
  },
  constraints: {
    custody_inbox_items_check:
      "CHECK (((items IS NULL) OR ((jsonb_typeof(items) = 'array'::text) AND (subject = 'items'::text))))",
    custody_inbox_kind_check: "CHECK ((kind ~ '^[a-z_]+$'::text))",
    custody_inbox_objects_check:
      "CHECK (((jsonb_typeof(actor) = 'object'::text) AND (jsonb_typeof(details) = 'object'::text) AND (jsonb_typeof(private) = 'object'::text)))",
    custody_inbox_pkey: 'PRIMARY KEY (entry_id)',
  },
}
