import type { GraphQLResolveInfo } from 'graphql'
import { builder } from './builder.ts'
import { childMedia } from './child-pages.ts'
import { gather } from './columns.ts'
import { readConnection } from './connection.ts'
import type { Context } from './context.ts'
import { AnalysisStatus, Fate, MediaRole, OrderDirection } from './enums.ts'
import { MediaFilter, mediaConditions } from './media-filter.ts'
import { mediaByIds, mediaOrder, mediaSource, type MediaRow } from './media-rows.ts'
import { postsByIds, type PostRow } from './post-rows.ts'
import { Media, MediaConnection, MediaEdge, Post } from './refs.ts'
import { selectionAt } from './selection.ts'

type AnalysisStatusName = typeof AnalysisStatus.$inferType

builder.node(Media, {
  description: 'A media reference of a post, and the file behind it.',
  id: { resolve: (media) => media.mediaId },
  loadWithoutCache: async (id, { prisma }, info) =>
    (await mediaByIds(prisma, [id], selectionAt(info, ''), info))[0],
  fields: (t) => ({
    mediaId: t.exposeID('mediaId'),
    postId: t.exposeID('postId'),
    mediaType: t.exposeString('mediaType', { description: 'image, video or document' }),
    mediaUrl: t.exposeString('mediaUrl', { description: 'Where the post says it is; it may have expired.' }),
    mimeType: t.exposeString('mimeType', { nullable: true, description: 'By the bytes.' }),
    claimedMimeType: t.exposeString('claimedMimeType', {
      nullable: true,
      description: 'By the server it came from.',
    }),
    fileSize: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'In bytes.',
      resolve: (media) => media.byteSize ?? media.fileSize,
    }),
    width: t.exposeInt('width', { nullable: true }),
    height: t.exposeInt('height', { nullable: true }),
    md5Sum: t.exposeString('md5Sum', { nullable: true }),
    sha256Sum: t.exposeString('sha256Sum', { nullable: true }),
    localFilePath: t.exposeString('localFilePath', { nullable: true, description: 'Relative to the cache.' }),
    archiveUrl: t.exposeString('archiveUrl', { nullable: true }),
    aiAnalysisStatus: t.field({
      type: AnalysisStatus,
      // Old writers leave null, or `pending`.
      resolve: ({ aiAnalysisStatus: status }) =>
        status === null || status === 'pending' ? 'not_started' : (status as AnalysisStatusName),
    }),
    aiAnalysis: t.exposeString('aiAnalysis', { nullable: true }),
    aiAnalyzedAt: t.expose('aiAnalyzedAt', { type: 'DateTime', nullable: true }),
    aiAnalysisLog: t.field({ type: 'JSON', resolve: (media) => media.aiAnalysisLog ?? [] }),
    role: t.field({
      type: MediaRole,
      nullable: true,
      resolve: ({ role }) => role as typeof MediaRole.$inferType | null,
    }),
    jsonPointers: t.stringList({
      description: "Where in the post's JSON the reference stands (RFC 6901).",
      resolve: (media) => (media.jsonPointers as string[] | null) ?? [],
    }),
    fate: t.field({ type: Fate, resolve: ({ fate }) => fate as typeof Fate.$inferType }),
    fateReason: t.exposeString('fateReason', { nullable: true }),
    fateAt: t.expose('fateAt', { type: 'DateTime', nullable: true }),
    sourceHost: t.exposeString('sourceHost', { nullable: true }),
    urlExpiresAt: t.expose('urlExpiresAt', { type: 'DateTime', nullable: true }),
    postedAt: t.expose('postedAt', { type: 'DateTime', nullable: true }),
    fetchedAt: t.expose('fetchedAt', { type: 'DateTime', nullable: true }),
    lengthVerified: t.exposeBoolean('lengthVerified', {
      nullable: true,
      description:
        'False when the server announced no length, so that a clean cut cannot be told from the end.',
    }),
    downloadAttempts: t.exposeInt('downloadAttempts'),
    downloadNotBefore: t.expose('downloadNotBefore', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: true }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: true }),
    url: t.string({
      nullable: true,
      description: 'Where the file is served, signed for some hours. Null while nothing is fetched.',
      resolve: (media, _args, { links }) =>
        isKept(media) ? links.media(media.mediaId, media.sha256Sum) : null,
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description: 'A WebP preview of an image; null for others.',
      args: { width: t.arg.int({ defaultValue: 320, description: 'In pixels; the next size there is.' }) },
      resolve: (media, { width }, { links }) =>
        isKept(media) && media.mediaType === 'image'
          ? links.thumbnail(media.mediaId, media.sha256Sum, width ?? 320)
          : null,
    }),
  }),
})

builder.objectFields(Media, (t) => ({
  post: t.field({
    type: Post,
    // Read with the media as a rule. Not async: fifty promises a page cost more than the page's SQL.
    resolve: (media, _args, context, info) => media.post ?? loadPost(media.postId, context, info),
  }),
  duplicates: t.connection(
    {
      type: Media,
      description: 'Other media with the same bytes.',
      resolve: ({ mediaId, sha256Sum }, args, context, info) =>
        childMedia(
          { parent: { id: mediaId, value: sha256Sum ?? '' }, args, context, info },
          'm.sha256_sum = parent.value AND m.media_id <> parent.id',
        ),
    },
    MediaConnection,
    MediaEdge,
  ),
}))

async function loadPost(
  postId: string,
  { batches, prisma }: Context,
  info: GraphQLResolveInfo,
): Promise<PostRow> {
  const parent = { id: postId, value: postId }
  const post = await batches.load(info.fieldNodes, parent, (parents) =>
    postsByIds(
      prisma,
      parents.map(({ id }) => id),
      selectionAt(info, ''),
    ),
  )
  return post!
}

function isKept(media: MediaRow): boolean {
  return media.sha256Sum !== null || media.localFilePath !== null
}

const MediaOrderField = builder.enumType('MediaOrderField', { values: ['CREATED_AT', 'POSTED_AT'] as const })
export const MediaOrder = builder.inputType('MediaOrder', {
  fields: (t) => ({
    field: t.field({ type: MediaOrderField, defaultValue: 'CREATED_AT' }),
    direction: t.field({ type: OrderDirection, defaultValue: 'DESC' }),
  }),
})

builder.queryField('mediaItem', (t) =>
  t.field({
    type: Media,
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { prisma }, info) =>
      (await mediaByIds(prisma, [id], selectionAt(info, ''), info))[0],
  }),
)

builder.queryField('mediaItems', (t) =>
  t.connection(
    {
      type: Media,
      args: { filter: t.arg({ type: MediaFilter }), orderBy: t.arg({ type: MediaOrder }) },
      resolve: async (_root, args, { db }, info) => {
        const order = mediaOrder(args.orderBy?.field ?? 'CREATED_AT', args.orderBy?.direction ?? 'DESC')
        const source = mediaSource(
          selectionAt(info, 'edges.node', 'nodes'),
          info,
          mediaConditions(args.filter ?? {}),
        )
        const page = await readConnection<MediaRow>(db, source, order, args)
        gather(
          page.edges.map((edge) => edge.node),
          'post',
        )
        return page
      },
    },
    MediaConnection,
    MediaEdge,
  ),
)
