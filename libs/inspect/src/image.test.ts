import { deflateSync, crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { InspectionFailedError } from '@mediakeep/content'
import { describe, expect, test } from 'vitest'
import { inspectImage } from './image.ts'
import { createInspector } from './inspector.ts'
import { inspect, noise, verdict } from './samples.fixture.ts'
import { makeZip } from './zip.fixture.ts'

async function animation(): Promise<Sharp> {
  const frames = await Promise.all([1, 2, 3].map(() => noise(64, 48).png().toBuffer()))
  return sharp(frames, { join: { animated: true } })
}

const IMAGES: [string, string, () => Promise<Buffer>][] = [
  ['image/jpeg', 'jpg', () => noise().jpeg().toBuffer()],
  ['image/jpeg', 'jpg', () => noise().jpeg({ progressive: true }).toBuffer()],
  ['image/png', 'png', () => noise().png().toBuffer()],
  ['image/gif', 'gif', () => noise().gif({ effort: 1, colours: 8 }).toBuffer()],
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
    if (extension !== 'tif') expect(await verdict(bytes.subarray(0, -20))).toBe('truncated')
  })

  test('keeps harmless bytes behind its end, and rejects a page, a script or an archive there', async () => {
    if (extension === 'tif') return
    const bytes = await make()
    expect(await verdict(Buffer.concat([bytes, Buffer.alloc(100)]))).toBe('kept')
    expect(await verdict(Buffer.concat([bytes, bytes]))).toBe('kept')
    for (const harmless of ['PK\x03\x04 without a directory', 'MZ', '%PDF-1.7', '<svg\x01\x02'])
      expect(await verdict(Buffer.concat([bytes, Buffer.from(harmless)])), harmless).toBe('kept')
    for (const tail of [
      '\n<HTML><body>',
      '<script>alert(1)</script>',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      makeZip({ 'virus.exe': 'MZ' }),
      '%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF',
      '#!/bin/sh\nrm -r .',
    ]) {
      expect(await verdict(Buffer.concat([bytes, Buffer.from(tail)])), String(tail)).toBe('polyglot')
    }
  })
})

test('gives width and height as shown', async () => {
  const bytes = await noise().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  expect(await inspect(bytes)).toMatchObject({ width: 240, height: 320 })
})

test('takes an animation by its frame, and misses no cut', async () => {
  for (const bytes of [
    await (await animation()).gif({ effort: 1, colours: 8 }).toBuffer(),
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
    findings: ['not_decoded'],
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

/** A black PNG of any dimensions, in few bytes. */
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
  expect(await verdict(bytes)).toBe('pixel_bomb')
  expect(await verdict(bomb(300, 300))).toBe('kept')
  expect(await verdict(bomb(300, 300), createInspector({ maxPixels: 89_999 }))).toBe('pixel_bomb')
})

test('a decoder that is too slow says nothing of the image', async () => {
  const type = { mediaType: 'image', check: 'image', mimeType: 'image/png', extension: 'png' } as const
  const late: unknown = await inspectImage(bomb(30_000, 30_000), type, {
    maxPixels: 1e9,
    timeoutMs: 1000,
  }).catch((error: unknown) => error)
  expect(late).toBeInstanceOf(InspectionFailedError)
  expect(late).toMatchObject({ code: 'timeout', message: 'Decoding takes too long' })
})

test('finds damage inside an image', async () => {
  const bytes = await noise().png().toBuffer()
  bytes.fill(0, 2000, 4000)
  expect(await verdict(bytes)).toBe('undecodable')
})

test.each([{ progressive: true }, { progressive: false }])(
  'keeps a JPEG without an end mark whose last byte is a stuffed 0xff, %j',
  async (options) => {
    const bytes = await endingWith(Buffer.of(0xff, 0x00), options)
    expect(await verdict(bytes)).toBe('kept')
    expect(await verdict(Buffer.concat([bytes, Buffer.alloc(64)]))).toBe('kept')
    expect(await verdict(bytes.subarray(0, -40))).toBe('truncated')
  },
)

/** A JPEG without its end mark, whose scans end with these bytes. */
async function endingWith(tail: Buffer, options: { readonly progressive: boolean }): Promise<Buffer> {
  for (;;) {
    const bytes = await noise(64, 48).jpeg(options).toBuffer()
    const scans = bytes.subarray(0, -2)
    if (scans.subarray(-tail.length).equals(tail)) return scans
  }
}
