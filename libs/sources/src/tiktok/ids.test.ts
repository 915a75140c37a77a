import { expect, test } from 'vitest'
import { idInTikTokLink, timeOfTikTokId } from './ids.ts'

test('an id holds its time in seconds', () => {
  const id = String((1714557600n << 32n) | 12345n)
  expect(timeOfTikTokId(id)).toBe(1714557600_000)
  expect(timeOfTikTokId('42')).toBeUndefined()
})

test.each([
  ['https://www.tiktok.com/@ada.invented/video/7363977817000000000?lang=en', '7363977817000000000'],
  ['https://www.tiktokv.com/share/video/7363977817000000000/', '7363977817000000000'],
  ['https://www.tiktok.com/@ada.invented/photo/7363977817000000000', '7363977817000000000'],
  ['https://v16m.tiktokcdn.example/video/7363977817000000000', undefined],
  ['https://www.tiktok.com/@ada.invented', undefined],
])('%s', (link, id) => {
  expect(idInTikTokLink(link)).toBe(id)
})
