import { searchSnippets, type SnippetPart } from '@mediakeep/pipeline'
import { GraphQLError } from 'graphql'
import { MAX_PAGE_SIZE } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { searchText } from '../posts/search-text.ts'
import { Media } from './media.ts'

const Part = builder.objectRef<SnippetPart>('SnippetPart').implement({
  fields: (t) => ({ text: t.exposeString('text'), isMatch: t.exposeBoolean('isMatch') }),
})

builder.objectField(Media, 'searchSnippet', (t) =>
  t.field({
    type: [Part],
    nullable: true,
    args: { search: t.arg.string({ required: true, validate: searchText }) },
    resolve: async ({ mediaId }, { search }, { batches, db }, info) => {
      const parts = await batches.load(info.fieldNodes, { id: mediaId, value: mediaId }, async (media) => {
        if (media.length > MAX_PAGE_SIZE)
          throw new GraphQLError(`"searchSnippet" is for at most ${MAX_PAGE_SIZE} media at once.`, {
            extensions: { code: 'BAD_USER_INPUT' },
          })
        return await searchSnippets(
          db,
          media.map(({ id }) => id),
          search,
        )
      })
      return parts ? [...parts] : null
    },
  }),
)
