import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { readRejectedPosts } from './index.ts'
import { importPosts, invented, postsFile, signed } from './posts.fixture.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
beforeEach(() => database.query('TRUNCATE posts, download_runs CASCADE'))
afterAll(() => database.drop())

const cpuMs = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test('a post that shows one URL at 9,990 places is one row, in a time linear in the places', async () => {
  const images = (length: number): string[] => Array.from({ length }, () => signed('same'))
  const post = (n: number, length: number): ReturnType<typeof invented> =>
    invented(n, { media: { type: 'images', images: images(length) } })
  const files = [await postsFile([post(1, 9990)]), await postsFile([post(1, 9990)])]
  const spent = await cpuMs(async () => {
    for (const file of files) await importPosts(database, file)
  })
  const { rows } = await database.query('SELECT cardinality(json_pointers) AS places FROM post_media')
  expect(rows).toEqual([{ places: 9990 }])
  // Comparing every pair of pointers took over ten seconds.
  expect(spent).toBeLessThan(3000)
})

test('a post with millions of references is rejected at the limit, the others are taken', async () => {
  const huge = JSON.stringify(invented(1, { media: [] })).replace('[]', `[${'0,'.repeat(7_000_000)}0]`)
  const file = await postsFile(`[${JSON.stringify(invented(0))},${huge},${JSON.stringify(invented(2))}]`)
  const { runId, posts } = await importPosts(database, file)
  expect(posts).toMatchObject({ new: 2, rejected: 1 })
  expect(await readRejectedPosts(database, runId)).toMatchObject([
    {
      index: 1,
      code: 'too_many_media',
      pointer: '/media/10000',
      reason: 'more than 10000 media references',
    },
  ])
})

test('entities in URLs are unescaped, and a URL without a scheme is https', async () => {
  const media = {
    type: 'images',
    images: ['https://media.licdn.com/a.jpg?e=1890000000&amp;v=beta&amp;t=x', '//media.licdn.com/b.jpg'],
  }
  await importPosts(database, await postsFile([invented(1, { media })]))
  const { rows } = await database.query(
    'SELECT media_url, source_host, fate, url_expires_at FROM post_media ORDER BY media_url',
  )
  expect(rows).toEqual([
    {
      media_url: 'https://media.licdn.com/a.jpg?e=1890000000&v=beta&t=x',
      source_host: 'media.licdn.com',
      fate: 'waiting',
      url_expires_at: new Date(1_890_000_000_000),
    },
    {
      media_url: 'https://media.licdn.com/b.jpg',
      source_host: 'media.licdn.com',
      fate: 'waiting',
      url_expires_at: null,
    },
  ])
})
