import type { Post as PostRow } from '@mediakeep/db'
import { POST_LINK_KINDS, type PostLink } from '@mediakeep/plugin-api'
import { queryFromInfo } from '@pothos/plugin-prisma'
import { builder } from '../builder/builder.ts'
import { Post } from './post.ts'

interface StoredFinding {
  readonly code: string
  readonly statedAt: number
  readonly idTime: number
}

const LinkKind = builder.enumType('PostLinkKind', { values: POST_LINK_KINDS })

const Link = builder.objectRef<PostLink>('PostLink').implement({
  fields: (t) => ({
    kind: t.field({ type: LinkKind, resolve: ({ kind }) => kind }),
    urn: t.exposeString('urn'),
    url: t.string({ nullable: true, resolve: ({ url }) => url ?? null }),
    post: t.field({
      type: Post,
      nullable: true,
      resolve: async ({ urn }, _args, context, info) => {
        const { prisma, batches } = context
        const query = queryFromInfo({ context, info, typeName: 'Post' })
        return (
          (await batches.load(info.fieldNodes, { id: urn, value: urn }, async (links) => {
            const urns = links.map(({ id }) => id)
            const rows = await prisma.post.findMany({
              ...withUrns(query),
              where: { OR: [{ urn: { in: urns } }, { fullUrn: { in: urns } }] },
            })
            return byUrn(rows)
          })) ?? null
        )
      },
    }),
  }),
})

/** Adds the columns by which the posts are found to a query that selects columns. */
function withUrns(query: { readonly select?: object | undefined }): object {
  return query.select ? { ...query, select: { ...query.select, urn: true, fullUrn: true } } : query
}

/** A post may be stored under its full urn; its own urn takes precedence. */
function byUrn(rows: readonly PostRow[]): Map<string, PostRow> {
  const found = new Map(rows.flatMap((row) => (row.fullUrn === null ? [] : [[row.fullUrn, row] as const])))
  for (const row of rows) found.set(row.urn, row)
  return found
}

const Finding = builder.objectRef<StoredFinding>('PostFinding').implement({
  fields: (t) => ({
    code: t.exposeString('code'),
    message: t.string({ resolve: messageOf }),
    statedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ statedAt }) => new Date(statedAt) }),
    idTime: t.field({ type: 'DateTime', nullable: true, resolve: ({ idTime }) => new Date(idTime) }),
  }),
})

function messageOf({ statedAt, idTime }: StoredFinding): string {
  const [stated, inId] = [statedAt, idTime].map((time) => new Date(time).toISOString())
  return `The export says that the post was published at ${stated}. Its id was made at ${inId}.`
}

/** Facts about a post that its export states beside the text. */
builder.objectFields(Post, (t) => ({
  authorName: t.exposeString('authorName', { nullable: true }),
  authorId: t.exposeString('authorId', { nullable: true }),
  language: t.exposeString('language', { nullable: true }),
  links: t.field({ type: [Link], resolve: ({ postLinks }) => (postLinks ?? []) as unknown as PostLink[] }),
  findings: t.field({
    type: [Finding],
    resolve: ({ findings }) => (findings ?? []) as unknown as StoredFinding[],
  }),
}))
