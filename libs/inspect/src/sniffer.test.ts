import type { NotMediaError } from '@mediakeep/content'
import { PDFDocument } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { fileOf, noise } from './samples.fixture.ts'
import { createSniffer } from './sniffer.ts'
import { makeVideo, VIDEO_FORMATS } from './video.fixture.ts'

const { sniff } = createSniffer()

/** The same of a file as of its bytes in shared memory, as downloads bring them. */
async function verdict(bytes: Buffer | string): Promise<string> {
  const path = await fileOf(bytes)
  const given = Buffer.from(bytes)
  const shared = Buffer.from(new SharedArrayBuffer(given.length))
  given.copy(shared)
  const [read, looked] = await Promise.all([sniffed(path), sniffed(path, shared)])
  expect(looked).toBe(read)
  return read
}

async function sniffed(path: string, bytes?: Buffer): Promise<string> {
  try {
    return (await sniff(path, bytes)).mimeType
  } catch (error) {
    return (error as NotMediaError).code
  }
}

test.each([
  ['empty', ''],
  ['html', '<!DOCTYPE html><html><body>Please sign in</body></html>'],
  ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['javascript', '"use strict"; var a = 1'],
  ['unknown_type', '{"error":"URL signature expired"}'],
])('says that it is no media, and decodes nothing: %s', async (code, bytes) => {
  expect(await verdict(bytes)).toBe(code)
})

test('gives the types of an image without its size, which only decoding tells', async () => {
  const bytes = await noise(64, 48).jpeg().toBuffer()
  expect(await sniff(await fileOf(bytes))).toEqual({
    mediaType: 'image',
    mimeType: 'image/jpeg',
    extension: 'jpg',
  })
})

describe('what ends too early is found at once', () => {
  test('an image, and one with a page behind it', async () => {
    const bytes = await noise(64, 48).jpeg().toBuffer()
    expect(await verdict(bytes.subarray(0, -20))).toBe('truncated')
    expect(await verdict(Buffer.concat([bytes, Buffer.from('<script>alert(1)</script>')]))).toBe('polyglot')
  })

  test.each(VIDEO_FORMATS)('a video: %s', async (format) => {
    const bytes = await makeVideo(format)
    expect(await verdict(bytes)).toMatch(/^video\//)
    const share = format === 'mp4 in fragments' ? 0.2 : 0.6
    expect(await verdict(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('truncated')
  })

  test('a document', async () => {
    const document = await PDFDocument.create()
    document.addPage([200, 300])
    const bytes = Buffer.from(await document.save())
    expect(await verdict(bytes)).toBe('application/pdf')
    expect(await verdict(bytes.subarray(0, -20))).toBe('truncated')
  })
})
