// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const mediaFiles: TableContract = {
  table: 'mediakeep.media_files',
  comment: 'Places of media within exports',
  columns: {
    media_id: 'text not null',
    export_id: 'text not null',
    member_path: 'text not null',
    member_order: 'bigint not null',
    ended_at: 'timestamp with time zone',
    end_reason: 'text',
    read_at: 'timestamp with time zone',
  },
  comments: {
    member_path: 'Path of the file within the export',
    member_order: 'Position by which an archive is read in one direction',
    ended_at: 'When its bytes were taken over or refused; null while they are still to be read',
    end_reason: 'Why this file gives no bytes; null otherwise',
  },
  constraints: {
    media_files_export_id_fkey: 'FOREIGN KEY (export_id) REFERENCES mediakeep.exports(export_id)',
    media_files_media_id_fkey:
      'FOREIGN KEY (media_id) REFERENCES public.post_media(media_id) ON DELETE CASCADE',
    media_files_pkey: 'PRIMARY KEY (media_id, export_id)',
  },
  indexes: {
    media_files_export_idx: 'btree (export_id, media_id)',
    media_files_unread_idx: 'btree (export_id, member_order, media_id) WHERE (ended_at IS NULL)',
  },
}
