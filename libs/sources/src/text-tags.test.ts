import { expect, test } from 'vitest'
import { hashtagsIn, mentionsIn } from './text-tags.ts'

test('hashtags have a letter, in any script', () => {
  const text = '#fête, (#港) #1 #2024go a#no https://a.example/#top &#38; #fête #'
  expect(hashtagsIn(text)).toEqual(['fête', '港', '2024go'])
  expect(hashtagsIn(undefined)).toEqual([])
})

test('mentions are handles, not addresses', () => {
  expect(mentionsIn('with @ada.invented. and @lin_1! ada@mail.example @@x https://a.example/@osei')).toEqual([
    'ada.invented',
    'lin_1',
  ])
})
