// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const exports: TableContract = {
  table: 'mediakeep.exports',
  comment: 'Exports whose files posts show, and where they are',
  columns: {
    export_id: 'text not null',
    machine: 'text not null',
    path: 'text not null',
    kind: 'text not null',
    sha256_sum: 'text not null',
    byte_size: 'bigint not null',
    modified_at: 'bigint not null',
    trouble: 'text',
    created_at: 'timestamp with time zone not null default now()',
    seen_at: 'timestamp with time zone not null default now()',
  },
  comments: {
    machine: 'The machine that has it: only its processes read its files',
    path: 'Absolute path on that machine',
    sha256_sum: 'Of the file; of names, sizes and times for a folder',
    byte_size: 'Of the file; of all files together for a folder',
    modified_at: 'Unix time in milliseconds; 0 for a folder',
    trouble: 'Why its files cannot be read now; null while they can',
    seen_at: 'When a process of its machine last looked at it',
  },
  constraints: {
    exports_kind_check: "CHECK ((kind = ANY (ARRAY['folder'::text, 'zip'::text, 'file'::text])))",
    exports_machine_path_sha256_sum_key: 'UNIQUE (machine, path, sha256_sum)',
    exports_pkey: 'PRIMARY KEY (export_id)',
    exports_sha256_sum_check: "CHECK ((sha256_sum ~ '^[0-9a-f]{64}$'::text))",
  },
}
