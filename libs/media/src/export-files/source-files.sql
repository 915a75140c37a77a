-- @name selectSourceFiles
-- Reads the file of an export behind each media row: the one whose bytes it has, else one that can still be read.
-- @params mediaIds
-- @notNull container
-- @row kind: 'folder' | 'zip' | 'file'
SELECT DISTINCT ON (f.media_id) f.media_id AS "mediaId", f.member_path AS member,
  regexp_replace(e.path, '^.*[/\\](?=.)', '') AS container, e.kind, e.sha256_sum AS sha256, e.path, e.machine,
  f.read_at AS "readAt", CASE WHEN f.read_at IS NULL THEN coalesce(f.end_reason, e.trouble) END AS problem
FROM mediakeep.media_files f JOIN mediakeep.exports e ON e.export_id = f.export_id
WHERE f.media_id = ANY ($1)
ORDER BY f.media_id, f.read_at DESC NULLS LAST, f.end_reason NULLS FIRST, e.trouble NULLS FIRST, e.created_at, e.export_id;
