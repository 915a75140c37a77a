import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { thumbHashToAverageRGBA } from 'thumbhash'
import type { JsonObject } from '@mediakeep/plugin-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyser } from './analyser.ts'
import { inputOf } from './input.fixture.ts'

const sample = (name: string): string => join(import.meta.dirname, '../../../sample/media', name)
const signal = new AbortController().signal

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-facts-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function factsOf(path: string, mimeType: string): Promise<JsonObject> {
  return (await analyser.analyse(await inputOf(path, mimeType), { signal })).result
}
async function write(name: string, bytes: Buffer | string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}
const differingBits = (a: unknown, b: unknown): number =>
  (BigInt(`0x${a as string}`) ^ BigInt(`0x${b as string}`)).toString(2).replaceAll('0', '').length

test('an image: size upright, colours, hashes, and what EXIF says', async () => {
  const exif = {
    IFD0: { Make: 'Graflex', Model: 'Speed', Copyright: 'nobody', ImageDescription: 'x'.repeat(900) },
    IFD2: { DateTimeOriginal: '2026:05:04 12:00:00', OffsetTimeOriginal: '+02:00', FNumber: '28/10' },
    IFD3: {
      GPSLatitude: '47/1 30/1 0/1',
      GPSLatitudeRef: 'N',
      GPSLongitude: '8/1 15/1 0/1',
      GPSLongitudeRef: 'W',
    },
  }
  const image = await sharp({ create: { width: 60, height: 30, channels: 3, background: '#c01020' } })
    .withExif(exif)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  const facts = await factsOf(await write('red.jpg', image), 'image/jpeg')
  expect(facts).toMatchObject({
    mimeType: 'image/jpeg',
    byteSize: image.length,
    width: 30,
    height: 60,
    orientation: 6,
  })
  expect(facts.exif).toEqual({
    make: 'Graflex',
    model: 'Speed',
    copyright: 'nobody',
    description: `${'x'.repeat(499)}…`,
    takenAt: '2026-05-04T12:00:00+02:00',
    fNumber: 2.8,
    location: { latitude: 47.5, longitude: -8.25 },
  })
  expect(facts.dominantColor).toMatch(/^#[bc][0-9a-f][01][0-9a-f][12][0-9a-f]$/)
  const average = thumbHashToAverageRGBA(Buffer.from(facts.thumbhash as string, 'base64'))
  expect(average.r).toBeGreaterThan(0.6)
  expect(facts.perceptualHash).toMatch(/^[0-9a-f]{16}$/)
})

test('pictures that look alike have hashes a few bits apart, others many', async () => {
  const ridge = await factsOf(sample('ridge.jpg'), 'image/jpeg')
  const small = await sharp(sample('ridge.jpg'))
    .resize({ width: 300 })
    .modulate({ brightness: 1.1 })
    .webp({ quality: 50 })
    .toBuffer()
  const alike = await factsOf(await write('ridge.webp', small), 'image/webp')
  const other = await factsOf(sample('harbour.jpg'), 'image/jpeg')
  expect(differingBits(ridge.perceptualHash, alike.perceptualHash)).toBeLessThanOrEqual(6)
  expect(differingBits(ridge.perceptualHash, other.perceptualHash)).toBeGreaterThan(11)
})

test('of a video and a document: length, pages, and the looks of a frame or the first page', async () => {
  const clip = await factsOf(sample('clip.mp4'), 'video/mp4')
  expect(clip).toMatchObject({ width: 640, height: 360, durationSeconds: 3 })
  const report = await factsOf(sample('report.pdf'), 'application/pdf')
  expect(report).toMatchObject({
    pageCount: 3,
    pageWidthPoints: 595,
    pageHeightPoints: 842,
    dominantColor: '#f8f8f8',
  })
  expect(report.perceptualHash).not.toBe(clip.perceptualHash)
})

test('what has no picture keeps its other facts', async () => {
  const facts = await factsOf(await write('office.docx', 'PK\x03\x04'), 'application/zip')
  expect(facts).toEqual({ mimeType: 'application/zip', byteSize: 4 })
})

test.each([
  ['audio/flac', 'sound.flac', 'fLaC'],
  ['image/bmp', 'picture.bmp', 'BM6'],
  ['video/vnd.avi', 'clip.avi', 'RIFF'],
])('%s, which nothing here decodes, keeps its other facts', async (mimeType, name, bytes) => {
  const facts = await factsOf(await write(name, bytes), mimeType)
  expect(facts).toEqual({ mimeType, byteSize: bytes.length })
})

test('drawings in different shapes on a transparent ground do not look alike, light or dark', async () => {
  const draw = async (color: string, left: number): Promise<unknown> => {
    const input = { create: { width: 60, height: 20, channels: 4 as const, background: color } }
    const drawing = await sharp({ create: { width: 200, height: 100, channels: 4, background: '#ffffff00' } })
      .composite([{ input, left, top: 20 }])
      .png()
      .toBuffer()
    return (await factsOf(await write('drawing.png', drawing), 'image/png')).perceptualHash
  }
  const [light, other] = [await draw('#ffffff', 10), await draw('#ffffff', 120)]
  expect(differingBits(light, other)).toBeGreaterThan(11)
  expect(differingBits(await draw('#000000', 10), await draw('#000000', 120))).toBeGreaterThan(11)
})

test('broken EXIF costs the EXIF alone, hostile text is made storable', async () => {
  const image = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#000' } })
    .withExif({ IFD0: { Model: 'whole' } })
    .jpeg()
    .toBuffer()
  image.write('wh\0le', image.indexOf('whole'), 'latin1')
  const facts = await factsOf(await write('nul.jpg', image), 'image/jpeg')
  expect(facts.exif).toEqual({ model: 'wh le' })
  // Breaks its directory, then the byte-order mark that says how to read it.
  for (const [from, to] of [
    [10, 30],
    [6, 8],
  ] as const) {
    const broken = Buffer.from(image)
    broken.fill(0xff, image.indexOf('Exif\0\0') + from, image.indexOf('Exif\0\0') + to)
    const others = await factsOf(await write('broken.jpg', broken), 'image/jpeg')
    expect(others).toMatchObject({ width: 9 })
    expect(others).not.toHaveProperty('exif')
  }
})

test('a corrupt image is a failure that no further attempt mends', async () => {
  const path = await write('corrupt.jpg', 'nothing of the kind')
  await expect(factsOf(path, 'image/jpeg')).rejects.toMatchObject({
    name: 'AnalysisError',
    code: 'undecodable',
    retryable: false,
  })
})
