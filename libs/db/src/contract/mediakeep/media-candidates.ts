// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const mediaCandidates: TableContract = {
  table: 'mediakeep.media_candidates',
  comment: 'URLs of the renditions of media that have several',
  columns: {
    media_id: 'text not null',
    position: 'integer not null',
    url: 'text not null',
    host: 'text not null',
    expires_at: 'timestamp with time zone',
    ended_at: 'timestamp with time zone',
    end_reason: 'text',
  },
  comments: {
    position: '0 is the media_url of the row; higher ones are tried later',
    ended_at: 'When it failed for good; null while it may be tried',
    end_reason: 'Why it failed last',
  },
  constraints: {
    media_candidates_media_id_fkey:
      'FOREIGN KEY (media_id) REFERENCES public.post_media(media_id) ON DELETE CASCADE',
    media_candidates_pkey: 'PRIMARY KEY (media_id, "position")',
  },
}
