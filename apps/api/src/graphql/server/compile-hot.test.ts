import fc from 'fast-check'

import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from '../../api.fixture.ts'

let db: TestDatabase
let api: TestApi
beforeAll(async () => {
  db = await createTestDatabase()
  await seed(db, 4, 2)
  api = await startTestApi(db)
})
afterAll(async () => {
  await api.close()
  await db.drop()
})

const condition = fc.constantFrom(
  '',
  '@include(if: $yes)',
  '@skip(if: $yes)',
  '@include(if: $no)',
  '@skip(if: $no)',
)
const leaf = fc.tuple(fc.constantFrom('id', 'role', 'fate', 'a: width', 'a: height'), condition)
const selection = fc
  .array(
    fc.oneof(
      leaf.map(([field, when]) => `${field} ${when}`),
      fc
        .tuple(condition, leaf, leaf)
        .map(([when, [one, on], [other, of]]) => `... ${when} { ${one} ${on} ${other} ${of} }`),
      fc.tuple(condition, fc.constantFrom('A', 'B')).map(([when, name]) => `...${name} ${when}`),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(' '))

test('a query that comes again and again is answered as the first time, whatever its conditions', async () => {
  await fc.assert(
    fc.asyncProperty(selection, fc.boolean(), async (fields, yes) => {
      const query = `query ($yes: Boolean!, $no: Boolean!) { posts(first: 2) { nodes { postId media(first: 2) { nodes { mediaId ${fields} } } } } unused: __typename ...Q }
        fragment Q on Query { mediaItems(first: 1) { nodes { ...A ...B } } }
        fragment A on Media { id post { id @include(if: $yes) urn } } fragment B on Media { fate @skip(if: $no) post { platform } }`
      const variables = { yes, no: !yes }
      const first = JSON.stringify(await api.answer(query, variables))
      for (let round = 0; round < 5; round++)
        expect(JSON.stringify(await api.answer(query, variables))).toBe(first)
    }),
    { numRuns: 30 },
  )
})
