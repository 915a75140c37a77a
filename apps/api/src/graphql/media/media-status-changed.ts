import { endOfLog, formatCursor, type MediaChange } from '@mediakeep/events'
import { readCursor } from '../../live/cursor-errors.ts'
import { openStream, type LiveChange, type Topic } from '../../live/opening.ts'
import { builder } from '../builder/builder.ts'
import { MediaKind } from '../builder/enums.ts'
import { Media } from './media.ts'
import { mediaById } from './media-by-id.ts'

type MediaEvent = LiveChange & { readonly kind: 'media' }

const StatusKind = builder.enumType('StatusKind', {
  description: 'The kinds of status that a media item has.',
  values: ['fate', 'archive', 'analysis'] as const,
})

const MediaStatusChange = builder.objectRef<MediaEvent>('MediaStatusChange').implement({
  description: 'A change of one status of a media item.',
  fields: (t) => ({
    cursor: t.string({
      description:
        'The position of the change in the event log. Pass it as `after` to continue a subscription from here.',
      resolve: ({ cursor }) => formatCursor(cursor),
    }),
    mediaId: t.id({ resolve: ({ change }) => change.mediaId }),
    postId: t.id({ resolve: ({ change }) => change.postId }),
    what: t.field({ type: StatusKind, resolve: ({ change }) => change.what }),
    previousStatus: t.string({ nullable: true, resolve: ({ change }) => change.from }),
    status: t.string({
      description:
        'The new status at the time of the change: a fate, `archived` or `not_archived`, or an analysis status.',
      resolve: ({ change }) => change.to,
    }),
    changedAt: t.field({ type: 'DateTime', resolve: ({ changedAt }) => changedAt }),
    media: t.prismaField({
      type: Media,
      nullable: true,
      description: 'The media item as it is now. Null if it was removed.',
      resolve: (query, { change }, _args, context) => mediaById(context, query, change.mediaId),
    }),
  }),
})

const MediaStatusFilter = builder.inputType('MediaStatusFilter', {
  description: 'Changes that meet every condition given.',
  fields: (t) => ({
    mediaIds: t.idList({ description: 'Only changes of these media items.' }),
    postId: t.id(),
    what: t.field({ type: [StatusKind] }),
    status: t.stringList({ description: 'Only changes to one of these statuses.' }),
    mediaType: t.field({ type: MediaKind }),
  }),
})

function topicOf(filter: typeof MediaStatusFilter.$inferInput): Topic {
  const [mediaIds, what, status] = [filter.mediaIds, filter.what, filter.status].map(
    (values) => values && new Set<string>(values),
  )
  const { postId, mediaType } = filter
  const isMet = (change: MediaChange): boolean =>
    (mediaIds?.has(change.mediaId) ?? true) &&
    (postId ?? change.postId) === change.postId &&
    (what?.has(change.what) ?? true) &&
    (status?.has(change.to) ?? true)
  return {
    needsMediaTypes: Boolean(mediaType),
    matches: (event, types) =>
      event.kind === 'media' &&
      isMet(event.change) &&
      (!mediaType || types.get(event.change.mediaId) === mediaType),
    isLast: () => false,
  }
}

builder.subscriptionField('mediaStatusChanged', (t) =>
  t.field({
    type: MediaStatusChange,
    scope: 'read',
    description: 'All changes of a status in the order of the event log, from now on or after a cursor.',
    args: {
      filter: t.arg({ type: MediaStatusFilter }),
      after: t.arg.string({
        description:
          'The cursor of the last change that was received. No later change is missed or repeated.',
      }),
    },
    subscribe: (_root, { filter, after }, context) =>
      openStream(context, {
        topic: topicOf(filter ?? {}),
        after: typeof after === 'string' ? readCursor(after) : undefined,
      }),
    resolve: (event) => event as MediaEvent,
  }),
)

builder.queryField('eventCursor', (t) =>
  t.string({
    scope: ['read', 'import'],
    description:
      'The current end of the event log. Read it first, then load your data, then subscribe after it, so that no change is missed.',
    resolve: async (_root, _args, { db }) => formatCursor(await endOfLog(db)),
  }),
)
