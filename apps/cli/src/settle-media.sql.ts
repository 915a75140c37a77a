// Generated from settle-media.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectRunStatus = statement<
  [runId: string | null | undefined],
  { status: string | null }
>(`
SELECT status FROM public.download_runs WHERE run_id = $1`)
