import { placeOf } from '@mediakeep/plugin-api'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

const read = (sample: string): ReturnType<typeof readSample> =>
  readSample(join(import.meta.dirname, 'samples', sample), [sourceFormat])

test('a message has its repaired text and sender', async () => {
  const { posts } = await read('facebook')
  expect(posts[0]!.post).toMatchObject({
    platform: 'facebook',
    postedAt: 1714557600123,
    text: 'Look 😀',
    author: { displayName: 'Lin Invénted' },
    postType: 'message',
  })
  const encrypted = await read('encrypted')
  expect(encrypted.posts[1]!.post).toMatchObject({
    text: 'Größer, bitte',
    author: { displayName: 'Ada Invented' },
  })
})

test('messages in an export of Instagram belong to Instagram', async () => {
  const { posts } = await read('instagram')
  expect(posts.map(({ post }) => post.platform)).toEqual(['instagram', 'instagram'])
})

test('equal messages of two chats are two posts, and the chat keeps its name in other folders', () => {
  const urn = (path: string, thread?: string): unknown =>
    sourceFormat.read(
      { sender_name: 'Ada', timestamp_ms: 1714557600123, content: 'Yes' },
      { ...placeOf(path), kept: thread === undefined ? {} : { '/thread_path': thread } },
    )
  const one = urn('your_facebook_activity/messages/inbox/lin_4561/message_1.json', 'inbox/lin_4561')
  expect(urn('messages/inbox/lin_4561/message_2.json')).toEqual(one)
  expect(urn('messages/inbox/osei_77/message_1.json')).not.toEqual(one)
})
