// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const events: TableContract = {
  table: 'mediakeep.events',
  comment: 'What changed, one row per statement that changed it; subscriptions are served from here',
  columns: {
    event_id: 'bigint not null generated always as identity',
    number: 'bigint',
    kind: 'text not null',
    changes: 'jsonb not null',
    created_at: 'timestamp with time zone not null default clock_timestamp()',
  },
  comments: {
    number: 'Its place in the order that all readers see; null until the sequencer has seen it committed',
  },
  constraints: {
    events_changes_check: "CHECK ((jsonb_typeof(changes) = 'array'::text))",
    events_kind_check: "CHECK ((kind = ANY (ARRAY['media'::text, 'import'::text])))",
    events_number_key: 'UNIQUE (number)',
    events_pkey: 'PRIMARY KEY (event_id)',
  },
  indexes: {
    events_unnumbered_idx: 'btree (event_id) WHERE (number IS NULL)',
  },
}
