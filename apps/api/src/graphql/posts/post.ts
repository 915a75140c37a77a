import type { DataDownload, Post as PostRow } from '@mediakeep/db'
import { planSearch, postHasWords, type SearchPlan } from '@mediakeep/pipeline'
import { type Conditions, postedAtMillis, readPostedAtMillis } from '@mediakeep/sql'
import { builder } from '../builder/builder.ts'
import { childPage } from '../builder/child-pages.ts'
import { columnsFor, selectList } from '../builder/columns.ts'
import { readConnection } from '../builder/connection.ts'
import { EngagementSnapshot, snapshotOrder, snapshotSource } from './engagement-snapshot.ts'
import { OrderDirection } from '../builder/enums.ts'
import { postColumns, postOrder } from './post-rows.ts'
import { selectionAt } from '../builder/selection.ts'
import { searchText } from './search-text.ts'

export const Post = builder.prismaNode('Post', {
  description: 'A post as it was first imported.',
  id: { field: 'postId' },
  nullable: true,
  fields: (t) => ({
    postId: t.exposeID('postId'),
    urn: t.exposeString('urn'),
    fullUrn: t.exposeString('fullUrn', { nullable: true }),
    platform: t.exposeString('platform', { nullable: true }),
    postedAtTimestamp: t.expose('postedAtTimestamp', {
      type: 'BigInt',
      nullable: true,
      description:
        'When the post was published, as Unix time in milliseconds. Null if the stored number is out of range.',
    }),
    postedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: (post) => new Date(readPostedAtMillis(post.platform, post.postedAtTimestamp)),
    }),
    authorUsername: t.exposeString('authorUsername', { nullable: true }),
    textContent: t.exposeString('textContent', { nullable: true }),
    postType: t.exposeString('postType', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    rawJson: t.exposeString('rawJson', { nullable: true, description: 'The post as it is in the export.' }),
    firstSeenAt: t.expose('firstSeenAt', { type: 'DateTime', nullable: true }),
    isRead: t.exposeBoolean('isRead', { nullable: true }),
    isMarked: t.exposeBoolean('isMarked', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime', nullable: true }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', nullable: true }),
  }),
})

builder.objectField(Post, 'snapshots', (t) =>
  t.connection({
    type: EngagementSnapshot,
    description: 'Engagement counters over time: one snapshot for each import, the newest first.',
    resolve: ({ postId }, args, context, info) =>
      childPage<DataDownload>(
        { parent: { id: postId, value: postId }, args, context, info },
        snapshotSource(info, 'd.post_id = parent.value'),
        snapshotOrder,
      ),
  }),
)

const PostFilter = builder.inputType('PostFilter', {
  fields: (t) => ({
    urn: t.string(),
    platform: t.string(),
    author: t.string({ description: 'Only posts of the author with exactly this user name.' }),
    postType: t.string(),
    postedAfter: t.field({ type: 'DateTime', description: 'Only those at this time or later.' }),
    postedBefore: t.field({ type: 'DateTime', description: 'Only those before this time.' }),
    text: t.string({
      description: "Words in the post's text, in the syntax of a search box.",
      validate: searchText,
    }),
    isRead: t.boolean(),
    isMarked: t.boolean(),
  }),
})

function postConditions(filter: typeof PostFilter.$inferInput, plan: SearchPlan): Conditions {
  return (bind) => {
    const where: string[] = []
    const restrict = (value: unknown, condition: (parameter: string) => string): void => {
      if (value !== undefined && value !== null) where.push(condition(bind(value)))
    }
    restrict(filter.urn, (urn) => `p.urn = ${urn}`)
    restrict(filter.platform, (platform) => `p.platform = ${platform}`)
    restrict(filter.author, (author) => `p.author_username = ${author}`)
    restrict(filter.postType, (type) => `p.post_type = ${type}`)
    restrict(filter.postedAfter?.getTime(), (time) => `${postedAtMillis('p')} >= ${time}`)
    restrict(filter.postedBefore?.getTime(), (time) => `${postedAtMillis('p')} < ${time}`)
    restrict(filter.text, (text) => postHasWords('p.post_id', text, plan))
    restrict(filter.isRead, (flag) => `coalesce(p.is_read, false) = ${flag}`)
    restrict(filter.isMarked, (flag) => `coalesce(p.is_marked, false) = ${flag}`)
    return where
  }
}

builder.queryField('post', (t) =>
  t.prismaField({
    type: Post,
    scope: 'read',
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, { prisma }) =>
      prisma.post.findUnique({ ...query, where: { postId: id } }),
  }),
)

builder.queryField('posts', (t) =>
  t.connection({
    type: Post,
    scope: 'read',
    description: 'Posts by the time they were published, by default the newest first.',
    args: {
      filter: t.arg({ type: PostFilter }),
      direction: t.arg({ type: OrderDirection, defaultValue: 'DESC' }),
    },
    resolve: async (_root, args, { db }, info) => {
      const text = args.filter?.text
      const plan = typeof text === 'string' ? await planSearch(db, text, false) : 'index'
      const columns = columnsFor(postColumns, selectionAt(info, 'edges.node', 'nodes'))
      const source = {
        columns: selectList('p', columns),
        from: 'public.posts p',
        where: postConditions(args.filter ?? {}, plan),
        isSlow: typeof text === 'string',
      }
      return readConnection<PostRow>(db, source, postOrder(args.direction ?? 'DESC'), args)
    },
  }),
)
