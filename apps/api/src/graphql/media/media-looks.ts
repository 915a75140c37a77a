import type { Media as MediaColumns } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder/builder.ts'
import type { Context } from '../context/context.ts'
import { Media } from './media.ts'

/** The appearance of a content, from the latest analysis that reported it. */
interface Looks {
  readonly sha256: string
  readonly thumbhash: string | null
  readonly dominantColor: string | null
  readonly perceptualHash: string | null
}

builder.objectFields(Media, (t) => ({
  thumbhash: t.string({
    nullable: true,
    description: 'A blurred picture in some 25 bytes (base64), to show until the thumbnail is there.',
    resolve: async (media, _args, context, info) => (await looksOf(media, context, info))?.thumbhash ?? null,
  }),
  dominantColor: t.string({
    nullable: true,
    description: '`#rrggbb`',
    resolve: async (media, _args, context, info) =>
      (await looksOf(media, context, info))?.dominantColor ?? null,
  }),
  perceptualHash: t.string({
    nullable: true,
    description: '64 bits as 16 hex digits; those of near-duplicates differ in few of them.',
    resolve: async (media, _args, context, info) =>
      (await looksOf(media, context, info))?.perceptualHash ?? null,
  }),
}))

/** Reads the looks of all media of a page together. */
async function looksOf(
  { sha256Sum }: MediaColumns,
  { batches, db }: Context,
  info: GraphQLResolveInfo,
): Promise<Looks | undefined> {
  if (sha256Sum === null) return undefined
  return await batches.load(info.fieldNodes, { id: sha256Sum, value: sha256Sum }, async (contents) => {
    const { rows } = await db.query<Looks>(LOOKS, [contents.map(({ id }) => id)])
    return new Map(rows.map((row) => [row.sha256, row]))
  })
}

const LOOKS = `SELECT DISTINCT ON (a.sha256_sum) a.sha256_sum AS sha256, a.thumbhash,
    a.dominant_color AS "dominantColor", lpad(to_hex(a.perceptual_hash), 16, '0') AS "perceptualHash"
  FROM mediakeep.analyses a
  WHERE a.sha256_sum = ANY ($1) AND NOT EXISTS (SELECT FROM mediakeep.contents c
      WHERE c.sha256_sum = a.sha256_sum AND c.rejected_at IS NOT NULL)
    AND (a.thumbhash IS NOT NULL OR a.dominant_color IS NOT NULL OR a.perceptual_hash IS NOT NULL)
  ORDER BY a.sha256_sum, a.finished_at DESC NULLS LAST`
