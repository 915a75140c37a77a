import { expect, test } from 'vitest'
import { archiveKey, cachePath, CONTENT_FOLDERS, quarantineName } from './content.ts'

const content = { mediaType: 'audio', name: 'd41d8cd98f00b204e9800998ecf8427e', extension: 'mp3' } as const

test('a content has one path in the cache and one key in the archive', () => {
  expect(cachePath(content)).toBe('audio/d41d8cd98f00b204e9800998ecf8427e.mp3')
  expect(archiveKey(content)).toBe('media/d4/d41d8cd98f00b204e9800998ecf8427e.mp3')
  expect(quarantineName({ sha256: 'ab', extension: 'bin' })).toBe('ab.bin')
})

test('a kind that a newer release added goes into a folder that every release knows', () => {
  const newer = { ...content, mediaType: 'toString' as 'audio' }
  expect(CONTENT_FOLDERS).toContain(cachePath(newer).split('/')[0])
})
