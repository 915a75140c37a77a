import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { noIsolation } from '@mediakeep/sandbox'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import type { ServedMedia } from '../ports/actions.ts'
import { openThumbnails } from './thumbnails.ts'

const kept = new Map<string, Buffer>()
const thumbnails = openThumbnails(
  {
    read: (name) => Promise.resolve(kept.get(name)),
    write: (name, bytes) => Promise.resolve(void kept.set(name, bytes)),
  },
  noIsolation,
)
afterAll(() => thumbnails.close())

function sample(name: string, mimeType: string): ServedMedia {
  const path = join(import.meta.dirname, '../../../../sample/media', name)
  const [open, locate] = [() => Promise.resolve(createReadStream(path)), () => Promise.resolve(path)]
  return { sha256: name, byteSize: 1, mimeType, fileName: name, open, locate }
}

test.each([
  ['slide.png', 'image/png', 180],
  ['clip.mp4', 'video/mp4', 180],
  ['report.pdf', 'application/pdf', 453],
])(
  'of %s: the image, a frame of the video, the first page of the document',
  async (name, mimeType, height) => {
    const bytes = await thumbnails.get(sample(name, mimeType), 320)
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 320, height })
    expect(kept.get(`${name}-320.webp`)).toEqual(bytes)
  },
)
