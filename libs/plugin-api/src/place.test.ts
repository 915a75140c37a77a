import { expect, test } from 'vitest'
import { placeOf } from './place.ts'

const files = ['data/tweets.js', 'data/tweets_media/1-a.jpg', 'data/tweets-part1.js', 'media/1-b.jpg']

test('a file is found from the root of the export, or from the folder of the item', () => {
  const place = placeOf('data/tweets.js', files)
  expect(place.resolve('media/1-b.jpg')).toBe('media/1-b.jpg')
  expect(place.resolve('tweets_media/1-a.jpg')).toBe('data/tweets_media/1-a.jpg')
  expect(place.resolve('./tweets_media/../tweets.js')).toBe('data/tweets.js')
  expect(place.resolve('../media/1-b.jpg')).toBe('media/1-b.jpg')
})

test('no path leads out of the export', () => {
  const place = placeOf('data/tweets.js', [...files, '../secret', '/etc/passwd'])
  for (const path of ['', '../../secret', '/etc/passwd', 'data/../../secret', 'gone.jpg']) {
    expect(place.resolve(path)).toBeUndefined()
  }
})

test('files beside the item are listed by the beginning of their names', () => {
  expect(placeOf('data/tweets.js', files).beside('tweets')).toEqual([
    'data/tweets-part1.js',
    'data/tweets.js',
  ])
  expect(placeOf('x', files).beside('')).toEqual([])
})
