import { expect, test } from 'vitest'
import { createClient } from './create-client.ts'
import { ArchiveMediaDocument } from './generated/documents.ts'

test('what is asked past the cache names the types of what it wants: results are told apart by them', async () => {
  const sent: string[] = []
  const client = createClient({
    url: 'http://mediakeep.test/graphql',
    fetch: (_url, init) => {
      sent.push(init?.body as string)
      return Promise.resolve(Response.json({ data: {} }))
    },
  })
  await client.mutate(ArchiveMediaDocument, { mediaIds: ['med-1'] })
  expect(sent).toEqual([expect.stringContaining('__typename')])
})
