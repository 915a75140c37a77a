// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { SchemaContract } from '@mediakeep/schema-verify'
import { analysers } from './mediakeep/analysers.ts'
import { analyses } from './mediakeep/analyses.ts'
import { analysisUsage } from './mediakeep/analysis-usage.ts'
import { apiTokens } from './mediakeep/api-tokens.ts'
import { caches } from './mediakeep/caches.ts'
import { contents } from './mediakeep/contents.ts'
import { counters } from './mediakeep/counters.ts'
import { custody } from './mediakeep/custody.ts'
import { custodyCheckpoints } from './mediakeep/custody-checkpoints.ts'
import { custodyHead } from './mediakeep/custody-head.ts'
import { custodyInbox } from './mediakeep/custody-inbox.ts'
import { custodyItems } from './mediakeep/custody-items.ts'
import { custodyKeys } from './mediakeep/custody-keys.ts'
import { custodyValues } from './mediakeep/custody-values.ts'
import { downloadHosts } from './mediakeep/download-hosts.ts'
import { downloadSlots } from './mediakeep/download-slots.ts'
import { eventEpochs } from './mediakeep/event-epochs.ts'
import { eventLog } from './mediakeep/event-log.ts'
import { events } from './mediakeep/events.ts'
import { exports } from './mediakeep/exports.ts'
import { importRuns } from './mediakeep/import-runs.ts'
import { mediaCandidates } from './mediakeep/media-candidates.ts'
import { mediaFiles } from './mediakeep/media-files.ts'
import { mergedMedia } from './mediakeep/merged-media.ts'
import { migrations } from './mediakeep/migrations.ts'
import { quarantine } from './mediakeep/quarantine.ts'
import { rejectedPosts } from './mediakeep/rejected-posts.ts'
import { settings } from './mediakeep/settings.ts'
import { tasks } from './mediakeep/tasks.ts'
import { dataDownloads } from './public/data-downloads.ts'
import { downloadRuns } from './public/download-runs.ts'
import { postMedia } from './public/post-media.ts'
import { posts } from './public/posts.ts'

export const schema: SchemaContract = {
  tables: [
    analysers,
    analyses,
    analysisUsage,
    apiTokens,
    caches,
    contents,
    counters,
    custody,
    custodyCheckpoints,
    custodyHead,
    custodyInbox,
    custodyItems,
    custodyKeys,
    custodyValues,
    downloadHosts,
    downloadSlots,
    eventEpochs,
    eventLog,
    events,
    exports,
    importRuns,
    mediaCandidates,
    mediaFiles,
    mergedMedia,
    migrations,
    quarantine,
    rejectedPosts,
    settings,
    tasks,
    dataDownloads,
    downloadRuns,
    postMedia,
    posts,
  ],
  schemas: {
    mediakeep: 'Mediakeep: contents, queues, import runs',
  },
  functions: {
    'mediakeep.custody_partition(for_number bigint)': `CREATE OR REPLACE FUNCTION mediakeep.custody_partition(for_number bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
DECLARE
  size constant bigint := 5000000;
  place constant bigint := for_number / size;
  name constant text := 'custody_' || place;
BEGIN
  IF to_regclass('mediakeep.' || name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE mediakeep.%I PARTITION OF mediakeep.custody FOR VALUES FROM (%s) TO (%s)',
    name, place * size, (place + 1) * size);
  EXECUTE format('CREATE TRIGGER custody_is_not_truncated BEFORE TRUNCATE ON mediakeep.%I '
    'FOR EACH STATEMENT EXECUTE FUNCTION mediakeep.refuse_change()', name);
EXCEPTION WHEN duplicate_table THEN
  -- Another process created it at the same time.
  NULL;
END $function$`,
    'mediakeep.database_origin()': `CREATE OR REPLACE FUNCTION mediakeep.database_origin()
 RETURNS text
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  RETURN (SELECT system_identifier FROM pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
    || '/' || (SELECT oid FROM pg_database WHERE datname = current_database());
EXCEPTION WHEN OTHERS THEN
  -- Some managed services do not have these functions. There, \`mediakeep\` sees no failover by itself.
  RETURN 'unknown';
END $function$`,
    'mediakeep.refuse_change()': `CREATE OR REPLACE FUNCTION mediakeep.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
  RAISE EXCEPTION 'mediakeep.% is append-only: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Entries are never changed or removed. Personal data is erased in mediakeep.custody_values.';
END $function$`,
  },
  sequences: {
    'mediakeep.analysis_generation':
      'bigint start 1 increment 1 minimum 1 maximum 9223372036854775807 cache 1',
    'mediakeep.analysis_numbers': 'bigint start 1 increment 1 minimum 1 maximum 9223372036854775807 cache 1',
    'mediakeep.custody_inbox_entry_id_seq':
      'bigint start 1 increment 1 minimum 1 maximum 9223372036854775807 cache 1 owned by mediakeep.custody_inbox.entry_id',
    'mediakeep.custody_keys_place_seq':
      'integer start 1 increment 1 minimum 1 maximum 2147483647 cache 1 owned by mediakeep.custody_keys.place',
    'mediakeep.event_epochs_place_seq':
      'integer start 1 increment 1 minimum 1 maximum 2147483647 cache 1 owned by mediakeep.event_epochs.place',
    'mediakeep.events_event_id_seq':
      'bigint start 1 increment 1 minimum 1 maximum 9223372036854775807 cache 1 owned by mediakeep.events.event_id',
    'mediakeep.migrations_id_seq':
      'integer start 1 increment 1 minimum 1 maximum 2147483647 cache 1 owned by mediakeep.migrations.id',
  },
  comments: {
    'function mediakeep.custody_partition(for_number bigint)':
      'Creates the partition of the custody log for this number if it is missing',
    'function mediakeep.database_origin()':
      'Changes with a restore into another server or database, and with a failover: server, timeline, database',
    'function mediakeep.refuse_change()': 'Trigger of append-only tables',
    'sequence mediakeep.analysis_generation': 'Numbers the sets of analysers that were ever configured',
  },
}
