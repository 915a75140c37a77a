/**
 * SQL that builds an `ImportChange`, as jsonb, from a row of mediakeep.import_runs and its row of download_runs.
 *
 * @param run alias of the former
 * @param row alias of the latter
 */
export function importChange(run: string, row: string): string {
  return `jsonb_build_object('runId', ${run}.run_id, 'status', ${row}.status, 'error', ${row}.error_message,
    'bytesTotal', ${run}.bytes_total, 'bytesRead', ${run}.bytes_read, 'postsProcessed', ${run}.posts_processed,
    'postsNew', ${run}.posts_new, 'postsKnown', ${run}.posts_known, 'postsRejected', ${run}.posts_rejected,
    'mediaFound', ${run}.media_found, 'mediaNew', ${run}.media_new, 'mediaRefreshed', ${run}.media_refreshed)`
}
