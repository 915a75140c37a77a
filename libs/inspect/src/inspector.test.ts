import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MediaFacts } from '@mediakeep/content'
import { createInspector } from './inspector.ts'
import { makeVideo, VIDEO_FORMATS } from './video.fixture.ts'

const inspector = createInspector()
let folder: string
let files = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-inspect-'))
})

afterAll(() => rm(folder, { recursive: true }))

async function inspect(bytes: Uint8Array | string, with_ = inspector): Promise<MediaFacts> {
  files += 1
  const path = join(folder, String(files))
  await writeFile(path, bytes)
  return await with_.inspect(path)
}

/** The code of the rejection; or `kept`. */
async function verdict(bytes: Uint8Array | string, with_ = inspector): Promise<unknown> {
  return await inspect(bytes, with_).then(
    () => 'kept',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
}

function noise(width = 320, height = 240): Sharp {
  const gaussian = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  return sharp({ create: { width, height, channels: 3, background: '#888', noise: gaussian } })
}

async function animation(): Promise<Sharp> {
  const frames = await Promise.all([1, 2, 3].map(() => noise(64, 48).png().toBuffer()))
  return sharp(frames, { join: { animated: true } })
}

const IMAGES: [string, string, () => Promise<Buffer>][] = [
  ['image/jpeg', 'jpg', () => noise().jpeg().toBuffer()],
  ['image/jpeg', 'jpg', () => noise().jpeg({ progressive: true }).toBuffer()],
  ['image/png', 'png', () => noise().png().toBuffer()],
  ['image/gif', 'gif', () => noise().gif().toBuffer()],
  ['image/webp', 'webp', () => noise().webp().toBuffer()],
  ['image/webp', 'webp', () => noise().webp({ lossless: true }).toBuffer()],
  ['image/avif', 'avif', () => noise().avif({ effort: 0 }).toBuffer()],
  ['image/tiff', 'tif', () => noise().tiff({ compression: 'lzw' }).toBuffer()],
]

describe.each(IMAGES)('%s (%s)', (mimeType, extension, make) => {
  test('is known by its bytes', async () => {
    expect(await inspect(await make())).toEqual({
      mediaType: 'image',
      mimeType,
      extension,
      width: 320,
      height: 240,
    })
  })

  test('is rejected when it was cut off anywhere', async () => {
    const bytes = await make()
    for (const length of [0.2, 0.5, 0.9].map((share) => Math.floor(bytes.length * share))) {
      expect(['truncated', 'undecodable', 'unknown_type']).toContain(await verdict(bytes.subarray(0, length)))
    }
    if (extension !== 'tif') expect(await verdict(bytes.subarray(0, -2))).toBe('truncated')
  })

  test('keeps harmless bytes behind its end, and rejects a page, a script or an archive there', async () => {
    if (extension === 'tif') return
    const bytes = await make()
    expect(await verdict(Buffer.concat([bytes, Buffer.alloc(100)]))).toBe('kept')
    expect(await verdict(Buffer.concat([bytes, bytes]))).toBe('kept')
    for (const tail of [
      '\n<HTML><body>',
      '<script>alert(1)</script>',
      'PK\x03\x04zip',
      '%PDF-1.7',
      '#!/bin/sh',
    ]) {
      expect(await verdict(Buffer.concat([bytes, Buffer.from(tail)])), tail).toBe('polyglot')
    }
  })
})

test('gives width and height as shown', async () => {
  const bytes = await noise().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  expect(await inspect(bytes)).toMatchObject({ width: 240, height: 320 })
})

test('takes an animation by its frame, and misses no cut', async () => {
  for (const bytes of [
    await (await animation()).gif().toBuffer(),
    await (await animation()).webp().toBuffer(),
  ]) {
    expect(await inspect(bytes)).toMatchObject({ width: 64, height: 48 })
    expect(await verdict(bytes.subarray(0, bytes.length - 200))).toBe('truncated')
  }
})

test('takes HEIC by its structure', async () => {
  const bytes = Buffer.from(await noise().avif({ effort: 0 }).toBuffer())
  bytes.write('heic', 8)
  expect(await inspect(bytes)).toEqual({
    mediaType: 'image',
    mimeType: 'image/heic',
    extension: 'heic',
    width: 320,
    height: 240,
  })
  expect(await verdict(bytes.subarray(0, -10))).toBe('truncated')
})

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const size = Buffer.alloc(4)
  size.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([size, body, sum])
}

/** A black PNG of any size, in few bytes. */
function bomb(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.writeUInt8(1, 8)
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    ...[chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))],
  ])
}

test('refuses a pixel bomb before decoding it', async () => {
  const bytes = bomb(30_000, 30_000)
  expect(bytes.length).toBeLessThan(200_000)
  const started = performance.now()
  expect(await verdict(bytes)).toBe('pixel_bomb')
  expect(performance.now() - started).toBeLessThan(500)
  expect(await verdict(bomb(300, 300))).toBe('kept')
  expect(await verdict(bomb(300, 300), createInspector({ maxPixels: 89_999 }))).toBe('pixel_bomb')
})

test('finds damage inside an image', async () => {
  const bytes = await noise().png().toBuffer()
  bytes.fill(0, 2000, 4000)
  expect(await verdict(bytes)).toBe('undecodable')
})

test.each([
  ['empty', ''],
  ['html', '<!DOCTYPE html><html><body>Please sign in</body></html>'],
  ['html', '\uFEFF \n<!-- login --><html lang="en">'],
  ['html', '<div>expired</div>'],
  ['html', Buffer.from('\uFEFF<html><body>wide</body></html>', 'utf16le')],
  ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['svg', '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n<svg/>'],
  ['javascript', '/* lib */ (function () { alert(1) })()'],
  ['javascript', '"use strict"; var a = 1'],
  ['unknown_type', '{"error":"URL signature expired"}'],
  ['unknown_type', 'just text'],
  ['unknown_type', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
  ['unknown_type', Buffer.from('ID3\x03\x00sound', 'latin1')],
  ['unknown_type', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
  ['undecodable', Buffer.concat([Buffer.from('GIF89a/*\x00\x00\x00\x00*/=1;alert(1)')])],
  ['truncated', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('<script>alert(1)</script>')])],
])('rejects what is no media: %s', async (code, bytes) => {
  expect(await verdict(bytes)).toBe(code)
})

describe.each(VIDEO_FORMATS)('%s', (format) => {
  test('gives size and duration', async () => {
    expect(await inspect(await makeVideo(format))).toEqual({
      mediaType: 'video',
      mimeType: format === 'webm' ? 'video/webm' : 'video/mp4',
      extension: format === 'webm' ? 'webm' : 'mp4',
      width: 320,
      height: 240,
      durationMs: 2000,
    })
  })

  test('is rejected when it was cut off', async () => {
    const bytes = await makeVideo(format)
    for (const share of [0.2, 0.6, 0.95, 0.999]) {
      expect(await verdict(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('truncated')
    }
  })
})

test('rejects a video without a video track', async () => {
  const bytes = await makeVideo('mp4 for streaming')
  expect(await verdict(bytes.subarray(0, bytes.readUInt32BE(0)))).toBe('undecodable')
})

async function makePdf(): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage([200, 300]).drawText('A page')
  return Buffer.from(await document.save())
}

test('takes a document that has pages, and rejects one that was cut off or is none', async () => {
  const bytes = await makePdf()
  expect(await inspect(bytes)).toEqual({
    mediaType: 'document',
    mimeType: 'application/pdf',
    extension: 'pdf',
  })
  expect(await verdict(bytes.subarray(0, -20))).toBe('truncated')
  expect(await verdict('%PDF-1.7\n<script>alert(1)</script>\n%%EOF')).toBe('undecodable')
  expect(await verdict(await makePdf())).toBe('kept')
})

test('gives up in time, and when told to', async () => {
  const bytes = await noise(1500, 1500).avif({ effort: 0 }).toBuffer()
  expect(await verdict(bytes, createInspector({ timeoutMs: 1 }))).toBe('timeout')
  await expect(inspector.inspect(join(folder, '1'), AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  })
})

test('passes on what the disk says', async () => {
  await expect(inspector.inspect(join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})
