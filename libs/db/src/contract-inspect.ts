import type { TableContract } from '@mediakeep/schema-verify'

/** What `inspect_contents` gives. */
export const inspectQueue: TableContract = {
  table: 'mediakeep.contents',
  columns: {
    inspected_at: 'timestamp with time zone',
    inspect_attempts: 'integer not null default 0',
    inspect_not_before: 'timestamp with time zone',
    inspect_lease_token: 'uuid',
    inspect_lease_expires_at: 'timestamp with time zone',
    inspect_error: 'text',
  },
  comments: {
    inspected_at: 'When the bytes were decoded whole, and the facts known; null: not yet, or rejected',
    inspect_error: 'How the last inspection failed that is to be tried again',
  },
  indexes: {
    contents_inspect_queue_idx:
      'btree (cache_id, inspect_not_before) WHERE ((inspected_at IS NULL) AND (cache_id IS NOT NULL))',
  },
}
