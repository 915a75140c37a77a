// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const analysers: TableContract = {
  table: 'mediakeep.analysers',
  comment: 'The configured analysers: a content is completed when each that takes its type has succeeded',
  columns: {
    name: 'text not null',
    version: 'text not null',
    media_types: 'text[] not null',
    generation: 'bigint not null',
    configured_at: 'timestamp with time zone not null default now()',
  },
  comments: {
    generation: 'The number of this set; contents planned under an earlier one are looked at again',
  },
  constraints: {
    analysers_media_types_check:
      "CHECK (((media_types <@ ARRAY['image'::text, 'video'::text, 'audio'::text, 'document'::text]) AND (media_types <> '{}'::text[])))",
    analysers_pkey: 'PRIMARY KEY (name)',
  },
}
