import { placeOf } from '@mediakeep/plugin-api'
import { expect, test } from 'vitest'
import { testLedger } from '../testing/ledger.fixture.ts'
import { readSample } from '../testing/read-sample.fixture.ts'
import { parseStart, parseTime } from './dates.ts'
import { sourceFormat } from './format.ts'

testLedger(sourceFormat, import.meta.dirname)

test('reads captions and messages of several lines', async () => {
  const { posts } = await readSample(`${import.meta.dirname}/samples/ios-german`, [sourceFormat])
  expect(posts.slice(1, 3).map(({ post }) => [post.author?.displayName, post.text, post.postedAt])).toEqual([
    ['Ada Erfunden', 'Guten Abend\nund guten Rutsch\n\nbis morgen', Date.UTC(2023, 11, 31, 23, 59, 1)],
    ['Ada Erfunden', 'Feuerwerk', Date.UTC(2024, 0, 1, 0, 0, 10)],
  ])
})

test.each([
  ['[1/5/24, 9:41:07\u202fPM] A: x', '2024-01-05T21:41:07Z'],
  ['1/5/24, 12:05 AM - A: x', '2024-01-05T00:05:00Z'],
  ['05/01/2024, 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['05/01/2024, 9:41 pm - A: x', '2024-01-05T21:41:00Z'],
  ['[05/01/24, 9:41:07 PM] A: x', '2024-01-05T21:41:07Z'],
  ['05.01.24, 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['[05.01.24, 21:41:07] A: x', '2024-01-05T21:41:07Z'],
  ['5-1-2024 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['2024/01/05 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['[2024/1/5 下午9:41:07] A: x', '2024-01-05T21:41:07Z'],
  ['2024. 1. 5. 오후 9:41 - A: x', '2024-01-05T21:41:00Z'],
  ['5/1/24 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['05/01/2024 à 21:41 - A: x', '2024-01-05T21:41:00Z'],
  ['1/13/24, 09:41 - A: x', '2024-01-13T09:41:00Z'],
  ['5/1/24, 9:41 p. m. - A: x', '2024-01-05T21:41:00Z'],
  ['05/01/2024, 09:41 p.m. - A: x', '2024-01-05T21:41:00Z'],
  ['05-01-2024, 09.41 PM - A: x', '2024-01-05T21:41:00Z'],
  ['05.01.24 21.41.15: A: x', '2024-01-05T21:41:15Z'],
  ['[01.13.24 21:41:15] A: x', '2024-01-13T21:41:15Z'],
  ['5.1.2024 klo 21.41 - A: x', '2024-01-05T21:41:00Z'],
])('reads the time of %s', (line, time) => {
  expect(parseTime(parseStart(line)!)).toBe(Date.parse(time))
})

test.each(['Words', '', '12:05 is late', '[note] A: x', '1/5/24 is a date'])(
  '"%s" begins no message',
  (line) => {
    expect(parseStart(line)).toBeUndefined()
  },
)

test.each([
  'IMG-1.jpg (file attached)\nwords',
  '\u200e<attached: IMG-1.jpg>words',
  '< attached: IMG-1.jpg > words',
  'IMG-1.jpg <\u200eattached>\nwords',
])('finds the file in %j', (message) => {
  const text = `[05/01/2024, 21:41:07] A: ${message}`
  const post = sourceFormat.read({ text, line: 1 }, placeOf('_chat.txt', ['IMG-1.jpg']))
  expect(post).toMatchObject({ text: 'words', media: [{ file: 'IMG-1.jpg', mediaType: 'image' }] })
})
