import type { TableContract } from '@mediakeep/schema-verify'

const events: TableContract = {
  table: 'mediakeep.events',
  comment: 'What changed, one row per statement that changed it; subscriptions are served from here',
  columns: {
    event_id: 'bigint not null identity',
    number: 'bigint',
    kind: 'text not null',
    changes: 'jsonb not null',
    created_at: 'timestamp with time zone not null default clock_timestamp()',
  },
  comments: {
    number: 'Its place in the order that all readers see; null until the sequencer has seen it committed',
  },
  constraints: {
    events_pkey: 'PRIMARY KEY (event_id)',
    events_number_key: 'UNIQUE (number)',
    events_kind_check: "CHECK ((kind = ANY (ARRAY['media'::text, 'import'::text])))",
    events_changes_check: "CHECK ((jsonb_typeof(changes) = 'array'::text))",
  },
  indexes: {
    events_unnumbered_idx: 'btree (event_id) WHERE (number IS NULL)',
  },
}

const eventLog: TableContract = {
  table: 'mediakeep.event_log',
  comment: 'How far events are numbered, and up to which number they are pruned',
  columns: {
    only_row: 'boolean not null default true',
    last_number: 'bigint not null default 0',
    pruned_number: 'bigint not null default 0',
  },
  constraints: {
    event_log_pkey: 'PRIMARY KEY (only_row)',
    event_log_only_row_check: 'CHECK (only_row)',
    event_log_pruned_number_check: 'CHECK ((pruned_number <= last_number))',
  },
}

export const eventTables: readonly TableContract[] = [events, eventLog]
