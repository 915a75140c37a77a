import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSampleOrigin, type SampleOrigin } from './origin.ts'

let origin: SampleOrigin
beforeAll(async () => {
  origin = await startSampleOrigin(0)
})
afterAll(() => origin.close())

const status = async (path: string): Promise<number> => (await fetch(`http://${origin.host}${path}`)).status

test('twenty posts, every media URL at the running server', async () => {
  const text = await origin.posts()
  expect(JSON.parse(text)).toHaveLength(20)
  expect(text).not.toContain('127.0.0.1:4080/')
})

test('each URL of the posts answers as the sample promises', async () => {
  const urls = (await origin.posts()).match(/http:\/\/127\.0\.0\.1[^"]+/g)!
  const statuses = new Map<string, number>()
  for (const url of new Set(urls)) statuses.set(new URL(url).pathname, (await fetch(url)).status)
  expect(statuses.get('/media/ridge.jpg')).toBe(403)
  expect(statuses.get('/media/taken-down.jpg')).toBe(404)
  statuses.delete('/media/ridge.jpg')
  statuses.delete('/media/taken-down.jpg')
  expect(new Set(statuses.values())).toEqual(new Set([200]))
})

test('a signature that has not expired opens what an expired one does not', async () => {
  expect(await status('/media/ridge.jpg?Expires=4102444800&Signature=fresh&Key-Pair-Id=K')).toBe(200)
})

test('freshly signed, every URL that exists answers', async () => {
  const posts = await origin.posts(true)
  expect(posts).not.toContain('sample-signature')
  const expired = /http:[^"]+ridge\.jpg[^"]+/.exec(posts)![0]
  expect((await fetch(expired)).status).toBe(200)
})

test('nothing outside the sample is served', async () => {
  expect(await status('/media/..%2f..%2fpackage.json')).toBe(404)
})
