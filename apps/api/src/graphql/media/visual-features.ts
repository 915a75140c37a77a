import type { Media as MediaColumns } from '@mediakeep/db'
import type { GraphQLResolveInfo } from 'graphql'
import { builder } from '../builder/builder.ts'
import type { Context } from '../context/context.ts'
import { Media } from './media.ts'
import { selectLooks } from './visual-features.sql.ts'

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
    description:
      'A ThumbHash: a blurred picture in about 25 bytes (base64), to show until the thumbnail has loaded.',
    resolve: async (media, _args, context, info) => (await looksOf(media, context, info))?.thumbhash ?? null,
  }),
  dominantColor: t.string({
    nullable: true,
    description: 'The dominant colour of the picture, as `#rrggbb`.',
    resolve: async (media, _args, context, info) =>
      (await looksOf(media, context, info))?.dominantColor ?? null,
  }),
  perceptualHash: t.string({
    nullable: true,
    description:
      'A perceptual hash of 64 bits, as 16 hex digits. The hashes of near-duplicates differ in few bits.',
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
    const { rows } = await selectLooks(db, [contents.map(({ id }) => id)])
    return new Map(rows.map((row) => [row.sha256, row]))
  })
}
