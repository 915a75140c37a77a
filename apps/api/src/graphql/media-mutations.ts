import type { GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { MediaOutcome } from '@mediakeep/pipeline'
import { builder } from './builder.ts'
import type { Context } from './context.ts'
import { MediaNotFoundError } from './errors.ts'
import { InvalidInputError } from './invalid-input.ts'
import { mediaByIds, type MediaRow } from './media-rows.ts'
import { Media } from './refs.ts'
import { selectionAt } from './selection.ts'

const MOST_AT_ONCE = 100
const ids = z.array(z.string()).min(1).max(MOST_AT_ONCE)
const errors = { types: [MediaNotFoundError, InvalidInputError] }

interface Outcome extends Partial<MediaOutcome> {
  readonly state?: string
  readonly media: MediaRow
}

const MediaPayload = builder.objectRef<{ readonly media: MediaRow[] }>('MediaPayload').implement({
  fields: (t) => ({ media: t.field({ type: [Media], resolve: (payload) => payload.media }) }),
})

const MediaCheck = builder.objectRef<Outcome>('MediaCheck').implement({
  description: 'How one media item was found, and left.',
  fields: (t) => ({
    media: t.field({ type: Media, resolve: (outcome) => outcome.media }),
    cache: t.string({ resolve: (outcome) => outcome.cache ?? 'missing' }),
    archive: t.string({ resolve: (outcome) => outcome.archive ?? 'none' }),
    error: t.string({ nullable: true, resolve: (outcome) => outcome.error }),
  }),
})
const ChecksPayload = builder.objectRef<{ readonly checks: Outcome[] }>('MediaChecksPayload').implement({
  fields: (t) => ({ checks: t.field({ type: [MediaCheck], resolve: (payload) => payload.checks }) }),
})

const ArchiveState = builder.objectRef<Outcome>('MediaArchiveState').implement({
  fields: (t) => ({
    media: t.field({ type: Media, resolve: (outcome) => outcome.media }),
    state: t.string({
      description: 'queued, archived (it was already), rejected, or none: nothing was fetched for it',
      resolve: (outcome) => outcome.state ?? 'none',
    }),
  }),
})
const ArchivePayload = builder.objectRef<{ readonly states: Outcome[] }>('ArchiveMediaPayload').implement({
  fields: (t) => ({ states: t.field({ type: [ArchiveState], resolve: (payload) => payload.states }) }),
})

const SelectedMedia = builder.inputType('SelectedMediaInput', {
  fields: (t) => ({ mediaIds: t.idList({ required: true, validate: ids }) }),
})
const DownloadMediaInput = builder.inputType('DownloadMediaInput', {
  fields: (t) => ({
    mediaIds: t.idList({ required: true, validate: ids }),
    force: t.boolean({ description: 'Fetched ones too.' }),
  }),
})
const VerifyMediaInput = builder.inputType('VerifyMediaInput', {
  fields: (t) => ({
    mediaIds: t.idList({ required: true, validate: ids }),
    deep: t.boolean({
      description: 'Read every byte of the archived objects too, not their size and digest alone.',
    }),
  }),
})
const RejectMediaInput = builder.inputType('RejectMediaInput', {
  fields: (t) => ({
    mediaId: t.id({ required: true }),
    reason: t.string({ required: true, validate: z.string().trim().min(1).max(500) }),
  }),
})

builder.mutationFields((t) => ({
  downloadMedia: t.field({
    type: MediaPayload,
    description: 'Puts media back into the download queue. The result names those that wait now.',
    args: { input: t.arg({ type: DownloadMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context, info) => {
      const mediaIds = await existing(context, input.mediaIds)
      const waiting = await context.actions.requeueDownloads({ mediaIds, force: input.force ?? false })
      return { media: [...(await reread(context, info, 'media', waiting)).values()] }
    },
  }),
  verifyMedia: t.field({
    type: ChecksPayload,
    description: 'Reads cached files whole, looks at their archived objects, and mends what is wrong.',
    args: { input: t.arg({ type: VerifyMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context, info) => {
      const mediaIds = await existing(context, input.mediaIds)
      const outcomes = await context.actions.verifyMedia(mediaIds, input.deep === true ? 'deep' : 'head')
      return { checks: await withMedia(context, info, 'checks.media', outcomes) }
    },
  }),
  archiveMedia: t.field({
    type: ArchivePayload,
    description: 'Queues media for upload to the archive, those too that were given up.',
    args: { input: t.arg({ type: SelectedMedia, required: true }) },
    errors,
    resolve: async (_root, { input }, context, info) => {
      const states = await context.actions.queueArchive(await existing(context, input.mediaIds))
      return { states: await withMedia(context, info, 'states.media', states) }
    },
  }),
  restoreMedia: t.field({
    type: ChecksPayload,
    description: 'Makes sure that media are in the cache, from the archive where they are not.',
    args: { input: t.arg({ type: SelectedMedia, required: true }) },
    errors,
    resolve: async (_root, { input }, context, info) => {
      const outcomes = await context.actions.restoreMedia(await existing(context, input.mediaIds))
      return { checks: await withMedia(context, info, 'checks.media', outcomes) }
    },
  }),
  rejectMedia: t.field({
    type: MediaPayload,
    description: 'Rejects what a media item shows, a placeholder for instance, wherever it is shown.',
    args: { input: t.arg({ type: RejectMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context, info) => {
      const [mediaId] = await existing(context, [input.mediaId])
      const rejected = await context.actions.rejectContent({ mediaId: mediaId!, reason: input.reason })
      // A placeholder may be shown a million times.
      const shown = rejected.slice(0, MOST_AT_ONCE)
      return { media: [...(await reread(context, info, 'media', shown)).values()] }
    },
  }),
}))

/** The ids of the rows that stand for media now. @throws MediaNotFoundError naming those there are none for */
async function existing({ prisma }: Context, mediaIds: readonly string[]): Promise<string[]> {
  const found = await mediaByIds(prisma, mediaIds, new Map(), undefined)
  const unknown = mediaIds.filter((_id, at) => found[at] === undefined)
  if (unknown.length > 0) throw new MediaNotFoundError(unknown)
  return [...new Set(found.map((media) => media!.mediaId))]
}

async function reread(
  { prisma }: Context,
  info: GraphQLResolveInfo,
  path: string,
  mediaIds: readonly string[],
): Promise<Map<string, MediaRow>> {
  const media = await mediaByIds(prisma, mediaIds, selectionAt(info, path), info)
  return new Map(media.flatMap((row) => (row ? [[row.mediaId, row]] : [])))
}

async function withMedia<Result extends { readonly mediaId: string }>(
  context: Context,
  info: GraphQLResolveInfo,
  path: string,
  results: readonly Result[],
): Promise<(Result & { media: MediaRow })[]> {
  const media = await reread(context, info, path, results.map(({ mediaId }) => mediaId)) // prettier-ignore
  return results.flatMap((result) => {
    const row = media.get(result.mediaId)
    return row ? [{ ...result, media: row }] : []
  })
}
