// Generated from analysers.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectIsConfigured = statement<
  [wanted: string | null | undefined],
  { same: boolean }
>(`
WITH wanted AS (SELECT * FROM jsonb_to_recordset($1::jsonb) w (name text, version text, types text[]))
SELECT NOT EXISTS (
  SELECT FROM wanted w FULL JOIN mediakeep.analysers a USING (name)
  WHERE a.version IS DISTINCT FROM w.version
    OR NOT (a.media_types @> w.types AND a.media_types <@ w.types)) AS same`)

export const deleteAnalysers = statement<
  [],
  object
>(`
DELETE FROM mediakeep.analysers`)

export const insertAnalysers = statement<
  [wanted: string | null | undefined],
  object
>(`
INSERT INTO mediakeep.analysers (name, version, media_types, generation)
SELECT w.name, w.version, w.types, g.generation
FROM (SELECT nextval('mediakeep.analysis_generation') AS generation) g
CROSS JOIN jsonb_to_recordset($1::jsonb) w (name text, version text, types text[])`)

export const selectAnalysers = statement<
  [],
  { name: string; version: string; mediaTypes: readonly ("image" | "video" | "audio" | "document")[] }
>(`
SELECT name, version, media_types AS "mediaTypes" FROM mediakeep.analysers ORDER BY name`)
