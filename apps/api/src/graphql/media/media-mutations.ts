import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { Media } from '@mediakeep/db'
import type { QueuedMedia } from '@mediakeep/media'
import type { MediaOutcome } from '@mediakeep/pipeline'
import { custodyActor } from '../../access/custody-actor.ts'
import { builder } from '../builder/builder.ts'
import { MediaNotFoundError, MediaNotRejectedError } from '../builder/errors.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'
import type { Context } from '../context/context.ts'
import { mediaByIds, presentIds } from './media-by-id.ts'
import { Media as MediaType } from './media.ts'

const MOST_AT_ONCE = 100
const ids = z.array(z.string()).min(1).max(MOST_AT_ONCE)
const errors = { types: [MediaNotFoundError, InvalidInputError] }

/** The outcome for one media item; its row is read on request. */
type Outcome = MediaOutcome & { readonly media: Media }
type Queued = QueuedMedia & { readonly media: Media }

const MediaPayload = builder.objectRef<{ readonly mediaIds: readonly string[] }>('MediaPayload').implement({
  fields: (t) => ({
    media: t.prismaField({
      type: [MediaType],
      resolve: async (query, { mediaIds }, _args, { prisma }) => [
        ...(await mediaByIds(prisma, query, mediaIds)).values(),
      ],
    }),
  }),
})

const CacheCheck = builder.enumType('CacheCheckResult', {
  description: 'The result of checking the cached file of a media item.',
  values: {
    ok: { description: 'The file is intact.' },
    missing: { description: 'There is no file.' },
    corrupt: { description: 'The file is damaged.' },
    restored: { description: 'The file was missing or damaged, and was copied back from the archive.' },
  } as const,
})
const ArchiveCheck = builder.enumType('ArchiveCheckResult', {
  description: 'The result of checking the archive object of a media item.',
  values: {
    ok: { description: 'The object is intact.' },
    missing: { description: 'There is no object.' },
    corrupt: { description: 'The object is damaged.' },
    none: { description: 'It is not archived, or it is in a different archive.' },
  } as const,
})
const ArchiveStateName = builder.enumType('ArchiveState', {
  description: 'The archive state of a media item.',
  values: {
    queued: { description: 'It waits to be archived.' },
    archived: { description: 'It was already archived.' },
    rejected: { description: 'It was rejected, and is not archived.' },
    none: { description: 'It has no downloaded file to archive.' },
  } as const,
})

const MediaCheck = builder.objectRef<Outcome>('MediaCheck').implement({
  description: 'The result of checking one media item.',
  fields: (t) => ({
    media: t.field({ type: MediaType, resolve: (outcome) => outcome.media }),
    cache: t.field({ type: CacheCheck, resolve: ({ cache }) => cache }),
    archive: t.field({ type: ArchiveCheck, resolve: ({ archive }) => archive }),
    error: t.string({ nullable: true, resolve: (outcome) => outcome.error }),
  }),
})
const ChecksPayload = builder.objectRef<readonly MediaOutcome[]>('MediaChecksPayload').implement({
  fields: (t) => ({ checks: t.field({ type: [MediaCheck], resolve: withMedia }) }),
})

const ArchiveState = builder.objectRef<Queued>('MediaArchiveState').implement({
  fields: (t) => ({
    media: t.field({ type: MediaType, resolve: (outcome) => outcome.media }),
    state: t.field({
      type: ArchiveStateName,
      description: 'The archive state of the media item.',
      resolve: ({ state }) => state,
    }),
  }),
})
const ArchivePayload = builder.objectRef<readonly QueuedMedia[]>('ArchiveMediaPayload').implement({
  fields: (t) => ({ states: t.field({ type: [ArchiveState], resolve: withMedia }) }),
})

const SelectedMedia = builder.inputType('SelectedMediaInput', {
  fields: (t) => ({ mediaIds: t.idList({ required: true, validate: ids }) }),
})
const DownloadMediaInput = builder.inputType('DownloadMediaInput', {
  fields: (t) => ({
    mediaIds: t.idList({ required: true, validate: ids }),
    force: t.boolean({ description: 'If true, media that are already fetched are downloaded again.' }),
  }),
})
const VerifyMediaInput = builder.inputType('VerifyMediaInput', {
  fields: (t) => ({
    mediaIds: t.idList({ required: true, validate: ids }),
    deep: t.boolean({
      description:
        'If true, archive objects are also read byte by byte, instead of checking their size and digest only.',
    }),
  }),
})
const RejectMediaInput = builder.inputType('RejectMediaInput', {
  fields: (t) => ({
    mediaId: t.id({ required: true }),
    reason: t.string({ required: true, validate: z.string().trim().min(1).max(500) }),
  }),
})

const UnrejectMediaInput = builder.inputType('UnrejectMediaInput', {
  fields: (t) => ({ mediaId: t.id({ required: true }) }),
})

builder.mutationFields((t) => ({
  downloadMedia: t.field({
    type: MediaPayload,
    scope: 'operate',
    description:
      'Queues media for download again. Media whose inspection ended without a verdict are inspected again. ' +
      'Returns the media that wait now.',
    args: { input: t.arg({ type: DownloadMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context) => {
      const mediaIds = await existing(context, input.mediaIds)
      const inspected = await context.actions.retryInspections(mediaIds)
      const left = mediaIds.filter((id) => !inspected.includes(id))
      const queued = await context.actions.requeueDownloads({ mediaIds: left, force: input.force ?? false })
      return { mediaIds: [...inspected, ...queued] }
    },
  }),
  verifyMedia: t.field({
    type: ChecksPayload,
    scope: 'operate',
    description:
      'Checks cached files byte by byte and their archive objects by size and digest, and repairs damaged or missing files.',
    args: { input: t.arg({ type: VerifyMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context) => {
      const mediaIds = await existing(context, input.mediaIds)
      return context.actions.verifyMedia(mediaIds, input.deep === true ? 'deep' : 'head')
    },
  }),
  archiveMedia: t.field({
    type: ArchivePayload,
    scope: 'operate',
    description: 'Queues media for upload to the archive, including those whose upload failed permanently.',
    args: { input: t.arg({ type: SelectedMedia, required: true }) },
    errors,
    resolve: async (_root, { input }, context) =>
      context.actions.queueArchive(await existing(context, input.mediaIds)),
  }),
  restoreMedia: t.field({
    type: ChecksPayload,
    scope: 'operate',
    description: 'Copies media that are missing in the cache from the archive. Rejected media are left out.',
    args: { input: t.arg({ type: SelectedMedia, required: true }) },
    errors,
    resolve: async (_root, { input }, context) =>
      context.actions.restoreMedia(await existing(context, input.mediaIds)),
  }),
  rejectMedia: t.field({
    type: MediaPayload,
    scope: 'operate',
    description:
      'Rejects the content of a media item, for example a placeholder, in all media that show it. It is no longer ' +
      'served, archived or analysed, and caches move its file to quarantine within moments. An object that is already ' +
      'in the archive stays there. `unrejectMedia` reverses this.',
    args: { input: t.arg({ type: RejectMediaInput, required: true }) },
    errors,
    resolve: async (_root, { input }, context) => {
      const [mediaId] = await existing(context, [input.mediaId])
      const rejected = await context.actions.rejectContent(
        { mediaId: mediaId!, reason: input.reason },
        custodyActor(context.viewer),
      )
      // A placeholder image may be used by a million media.
      return { mediaIds: rejected.slice(0, MOST_AT_ONCE) }
    },
  }),
  unrejectMedia: t.field({
    type: MediaPayload,
    scope: 'operate',
    description:
      'Reverses the rejection of the content of a media item, in all media that show it. Its file returns from ' +
      'quarantine within moments, and no automatic verdict rejects it again. If neither a quarantine nor the archive ' +
      'has the file, it is downloaded again.',
    args: { input: t.arg({ type: UnrejectMediaInput, required: true }) },
    errors: { types: [...errors.types, MediaNotRejectedError] },
    resolve: async (_root, { input }, context) => {
      const [mediaId] = await existing(context, [input.mediaId])
      const returned = await context.actions.unrejectContent(
        { mediaId: mediaId! },
        custodyActor(context.viewer),
      )
      if (returned.length === 0) throw new MediaNotRejectedError(input.mediaId)
      return { mediaIds: returned.slice(0, MOST_AT_ONCE) }
    },
  }),
}))

/** Returns the current ids of media. @throws MediaNotFoundError with the ids that do not exist */
export async function existing({ prisma }: Context, mediaIds: readonly string[]): Promise<string[]> {
  const present = await presentIds(prisma, mediaIds)
  const unknown = mediaIds.filter((_id, at) => present[at] === undefined)
  if (unknown.length > 0) throw new MediaNotFoundError(unknown)
  return [...new Set(present as string[])]
}

/** Adds their media to results, read together. */
async function withMedia<Result extends { readonly mediaId: string }>(
  results: readonly Result[],
  _args: object,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<(Result & { media: Media })[]> {
  const query = queryFromInfo({ context, info, path: ['media'] })
  const media = await mediaByIds(context.prisma, query, results.map(({ mediaId }) => mediaId)) // prettier-ignore
  return results.flatMap((result) => {
    const row = media.get(result.mediaId)
    return row ? [{ ...result, media: row }] : []
  })
}
