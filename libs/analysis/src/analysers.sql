-- @name selectIsConfigured
-- @params wanted
-- @notNull same
WITH wanted AS (SELECT * FROM jsonb_to_recordset($1::jsonb) w (name text, version text, types text[]))
SELECT NOT EXISTS (
  SELECT FROM wanted w FULL JOIN mediakeep.analysers a USING (name)
  WHERE a.version IS DISTINCT FROM w.version
    OR NOT (a.media_types @> w.types AND a.media_types <@ w.types)) AS same;

-- @name deleteAnalysers
DELETE FROM mediakeep.analysers;

-- @name insertAnalysers
-- @params wanted
INSERT INTO mediakeep.analysers (name, version, media_types, generation)
SELECT w.name, w.version, w.types, g.generation
FROM (SELECT nextval('mediakeep.analysis_generation') AS generation) g
CROSS JOIN jsonb_to_recordset($1::jsonb) w (name text, version text, types text[]);

-- @name selectAnalysers
-- @notNull name version mediaTypes
-- @row mediaTypes: readonly ("image" | "video" | "audio" | "document")[]
SELECT name, version, media_types AS "mediaTypes" FROM mediakeep.analysers ORDER BY name;
