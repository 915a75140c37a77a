import type { Media as MediaColumns } from '@mediakeep/db'
import { queryFromInfo } from '@pothos/plugin-prisma'
import { builder } from '../builder/builder.ts'
import { childMedia } from './child-media.ts'
import { AnalysisStatus, Fate, MediaRole } from '../builder/enums.ts'
import { mediaById } from './media-by-id.ts'

type AnalysisStatusName = typeof AnalysisStatus.$inferType

export const Media = builder.prismaObject('Media', {
  description: 'A media reference of a post, and the file behind it.',
  fields: (t) => ({
    mediaId: t.exposeID('mediaId'),
    postId: t.exposeID('postId'),
    mediaType: t.exposeString('mediaType', {
      description: 'The kind of file: `image`, `video`, `audio` or `document`.',
    }),
    mediaUrl: t.exposeString('mediaUrl', {
      description: 'The URL of the file in the post. It may have expired.',
    }),
    mimeType: t.exposeString('mimeType', {
      nullable: true,
      description: 'The MIME type, detected from the bytes.',
    }),
    claimedMimeType: t.exposeString('claimedMimeType', {
      nullable: true,
      description: 'The MIME type that the host claimed when the file was downloaded.',
    }),
    fileSize: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'The size of the file, in bytes.',
      resolve: (media) => media.byteSize ?? media.fileSize,
    }),
    width: t.exposeInt('width', { nullable: true }),
    height: t.exposeInt('height', { nullable: true }),
    md5Sum: t.exposeString('md5Sum', { nullable: true }),
    sha256Sum: t.exposeString('sha256Sum', { nullable: true }),
    localFilePath: t.exposeString('localFilePath', {
      nullable: true,
      description: 'The path of the file, relative to the cache folder.',
    }),
    archiveUrl: t.exposeString('archiveUrl', { nullable: true }),
    aiAnalysisStatus: t.field({
      type: AnalysisStatus,
      // Old writers leave null or `pending`.
      resolve: ({ aiAnalysisStatus: status }) =>
        status === null || status === 'pending' ? 'not_started' : (status as AnalysisStatusName),
    }),
    aiAnalyzedAt: t.expose('aiAnalyzedAt', { type: 'DateTime', nullable: true }),
    role: t.field({
      type: MediaRole,
      nullable: true,
      resolve: ({ role }) => role as typeof MediaRole.$inferType | null,
    }),
    jsonPointers: t.stringList({
      nullable: true,
      description: "The JSON pointers (RFC 6901) to the reference in the post's JSON.",
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
      description: 'False if the host announced no length, so that a truncated file cannot be detected.',
    }),
    downloadAttempts: t.exposeInt('downloadAttempts'),
    downloadNotBefore: t.expose('downloadNotBefore', { type: 'DateTime', nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: true }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: true }),
    url: t.string({
      nullable: true,
      description:
        'The URL of the file on this server. Its signature is valid for some hours. Null if the file is not fetched or was rejected.',
      resolve: (media, _args, { links }) =>
        isKept(media) ? links.media(media.mediaId, media.sha256Sum) : null,
    }),
    thumbnailUrl: t.string({
      nullable: true,
      description:
        'A WebP preview: the image, a frame of the video, or the first page of the PDF. Null for other files.',
      args: {
        width: t.arg.int({
          defaultValue: 320,
          description: 'The desired width in pixels. The nearest available size is used.',
        }),
      },
      resolve: (media, { width }, { links }) =>
        isKept(media) && hasPicture(media)
          ? links.thumbnail(media.mediaId, media.sha256Sum, width ?? 320)
          : null,
    }),
  }),
})

builder.nodeRef(Media, {
  id: { resolve: (media: MediaColumns) => media.mediaId },
  loadWithoutCache: (id, context, info) =>
    mediaById(context, queryFromInfo({ context, info, typeName: 'Media' }), id),
})

export const MediaEdge = builder.edgeObject({ name: 'MediaEdge', type: Media })
export const MediaConnection = builder.connectionObject({ name: 'MediaConnection', type: Media }, MediaEdge)

builder.objectFields(Media, (t) => ({
  duplicates: t.connection(
    {
      type: Media,
      scope: 'read',
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

/** Types that the server can draw; without a MIME type, the file was never looked at. */
function hasPicture({ mediaType, mimeType }: MediaColumns): boolean {
  return (
    mediaType === 'image' ||
    mediaType === 'video' ||
    (mediaType === 'document' && mimeType === 'application/pdf')
  )
}

/** Downloads write checksum and path before the file exists. A file without checksum is from an older tool. */
function isKept({ fate, fetchedAt, sha256Sum, localFilePath, archiveUrl }: MediaColumns): boolean {
  if (fate === 'rejected') return false
  if (sha256Sum === null) return localFilePath !== null
  return fate === 'fetched' || fetchedAt !== null || archiveUrl !== null
}

builder.queryField('mediaItem', (t) =>
  t.prismaField({
    type: Media,
    scope: 'read',
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, context) => mediaById(context, query, id),
  }),
)
