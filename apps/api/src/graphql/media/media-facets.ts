import { mediaFacets, MOST_OF_VALUE, nextAuthors, type MediaFacets } from '@mediakeep/pipeline'
import { GraphQLError } from 'graphql'
import { z } from 'zod'
import { builder } from '../builder/builder.ts'
import { NamedCount } from '../builder/named-count.ts'
import { MediaFilter } from './media-filter.ts'

const Facets = builder.objectRef<MediaFacets>('MediaFacets').implement({
  description: `The number of media for each choice of a filter. Counting stops at ${MOST_OF_VALUE}: there may be more.`,
  fields: (t) => ({
    types: t.field({ type: [NamedCount], resolve: ({ type }) => [...type] }),
    platforms: t.field({ type: [NamedCount], resolve: ({ platform }) => [...platform] }),
    fates: t.field({ type: [NamedCount], resolve: ({ fate }) => [...fate] }),
    statuses: t.field({ type: [NamedCount], resolve: ({ status }) => [...status] }),
  }),
})

builder.queryField('mediaFacets', (t) =>
  t.field({
    type: Facets,
    scope: 'read',
    args: { filter: t.arg({ type: MediaFilter }) },
    resolve: async (_root, { filter }, { db }) => {
      if (filter?.similarTo)
        throw new GraphQLError('"similarTo" goes with mediaItems.', {
          extensions: { code: 'BAD_USER_INPUT' },
        })
      return await mediaFacets(db, filter ?? {})
    },
  }),
)

/** Maximum number of names that `authors` returns. */
const MOST_AUTHORS = 50

builder.queryField('authors', (t) =>
  t.stringList({
    scope: 'read',
    args: {
      prefix: t.arg.string({ required: true, validate: z.string().min(1).max(100) }),
      first: t.arg.int({ defaultValue: 10, validate: z.number().int().min(1).max(MOST_AUTHORS) }),
    },
    resolve: async (_root, { prefix, first }, { db }) =>
      (await nextAuthors(db, [prefix, first ?? 10])).rows.map(({ name }) => name),
  }),
)
