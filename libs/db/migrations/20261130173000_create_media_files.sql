-- Media whose bytes are a file of an export on some machine, and where that export is.

CREATE TABLE mediakeep.exports (
  export_id text NOT NULL,
  machine text NOT NULL,
  path text NOT NULL,
  kind text NOT NULL,
  sha256_sum text NOT NULL,
  byte_size bigint NOT NULL,
  modified_at bigint NOT NULL,
  trouble text,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT exports_pkey PRIMARY KEY (export_id),
  CONSTRAINT exports_machine_path_sha256_sum_key UNIQUE (machine, path, sha256_sum),
  CONSTRAINT exports_kind_check CHECK (kind IN ('folder', 'zip', 'file')),
  CONSTRAINT exports_sha256_sum_check CHECK (sha256_sum ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE mediakeep.exports IS 'Exports whose files posts show, and where they are';
COMMENT ON COLUMN mediakeep.exports.machine IS 'The machine that has it: only its processes read its files';
COMMENT ON COLUMN mediakeep.exports.path IS 'Absolute path on that machine';
COMMENT ON COLUMN mediakeep.exports.sha256_sum IS 'Of the file; of names, sizes and times for a folder';
COMMENT ON COLUMN mediakeep.exports.byte_size IS 'Of the file; of all files together for a folder';
COMMENT ON COLUMN mediakeep.exports.modified_at IS 'Unix time in milliseconds; 0 for a folder';
COMMENT ON COLUMN mediakeep.exports.trouble IS 'Why its files cannot be read now; null while they can';
COMMENT ON COLUMN mediakeep.exports.seen_at IS 'When a process of its machine last looked at it';

CREATE TABLE mediakeep.media_files (
  media_id text NOT NULL,
  export_id text NOT NULL,
  member_path text NOT NULL,
  member_order bigint NOT NULL,
  ended_at timestamptz,
  end_reason text,
  CONSTRAINT media_files_pkey PRIMARY KEY (media_id, export_id),
  CONSTRAINT media_files_media_id_fkey FOREIGN KEY (media_id) REFERENCES public.post_media (media_id) ON DELETE CASCADE,
  CONSTRAINT media_files_export_id_fkey FOREIGN KEY (export_id) REFERENCES mediakeep.exports (export_id)
);
COMMENT ON TABLE mediakeep.media_files IS 'Places of media within exports';
COMMENT ON COLUMN mediakeep.media_files.member_path IS 'Path of the file within the export';
COMMENT ON COLUMN mediakeep.media_files.member_order IS 'Position by which an archive is read in one direction';
COMMENT ON COLUMN mediakeep.media_files.ended_at IS 'When its bytes were taken over or refused; null while they are still to be read';
COMMENT ON COLUMN mediakeep.media_files.end_reason IS 'Why this file gives no bytes; null otherwise';

CREATE INDEX media_files_export_idx ON mediakeep.media_files (export_id, media_id);
CREATE INDEX media_files_unread_idx ON mediakeep.media_files (export_id, member_order, media_id) WHERE ended_at IS NULL;
