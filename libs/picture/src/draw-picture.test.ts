import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hugePng } from '@mediakeep/testing'
import { chooseIsolation, IsolationError, noIsolation } from '@mediakeep/sandbox'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { drawPicture } from './draw-picture.ts'
import { createPictureDrawer, type PictureDrawer } from './picture-drawer.ts'
import type { Picture } from './picture.ts'

const sample = (name: string): string => join(import.meta.dirname, '../../../sample/media', name)

let folder: string
let drawer: PictureDrawer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-picture-'))
  drawer = createPictureDrawer({ isolation: noIsolation, size: 1 })
})
afterAll(async () => {
  await drawer.close()
  await rm(folder, { recursive: true })
})

const colorAt = async (picture: Picture, left: number, top: number): Promise<number[]> => [
  ...(await sharp(picture.bytes).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()),
]
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error)

test('an image is turned upright, made opaque and scaled down, never up', async () => {
  const path = join(folder, 'turned.webp')
  const half = { create: { width: 40, height: 40, channels: 4 as const, background: '#ff0000' } }
  await sharp({ create: { width: 80, height: 40, channels: 4, background: '#00000000' } })
    .composite([{ input: half, left: 0, top: 0 }])
    .withMetadata({ orientation: 6 })
    .webp({ lossless: true })
    .toFile(path)
  const picture = await drawer.draw({ path, mimeType: 'image/webp' }, { maxEdge: 40 })
  expect(picture).toMatchObject({
    mimeType: 'image/png',
    width: 20,
    height: 40,
    fullWidth: 40,
    fullHeight: 80,
  })
  expect(await colorAt(picture, 10, 5)).toEqual([255, 0, 0])
  expect(await colorAt(picture, 10, 35)).toEqual([255, 255, 255])
  const large = await drawer.draw({ path, mimeType: 'image/webp' }, { maxEdge: 4000, format: 'jpeg' })
  expect(large).toMatchObject({ mimeType: 'image/jpeg', width: 40, height: 80 })
})

test('a light drawing on a transparent ground is drawn on black, any other on white', async () => {
  for (const [color, ground] of [
    ['#ffffff', 0],
    ['#202020', 255],
    ['#cc2200', 255],
  ] as const) {
    const path = join(folder, 'drawing.png')
    const input = { create: { width: 10, height: 10, channels: 4 as const, background: color } }
    await sharp({ create: { width: 40, height: 40, channels: 4, background: '#ffffff00' } })
      .composite([{ input, left: 0, top: 0 }])
      .png()
      .toFile(path)
    const picture = await drawer.draw({ path, mimeType: 'image/png' })
    expect(await colorAt(picture, 30, 30), color).toEqual([ground, ground, ground])
  }
})

test('a video without a decoder here has no picture, which is no fault of the file', async () => {
  const path = join(folder, 'old.mp4')
  const bytes = await readFile(sample('clip.mp4'))
  // Replaces H.264 with MPEG-4 Visual in the name of the sample entry.
  bytes.write('mp4v', bytes.lastIndexOf('avc1'), 'latin1')
  await writeFile(path, bytes)
  const error = await failure(drawer.draw({ path, mimeType: 'video/mp4' }))
  expect(error).toMatchObject({ name: 'NoPictureError', code: 'no_picture' })
})

test('of a video a frame is drawn', async () => {
  const source = { path: sample('clip.mp4'), mimeType: 'video/mp4' }
  const picture = await drawer.draw(source, { maxEdge: 320 })
  expect(picture).toMatchObject({
    width: 320,
    height: 180,
    fullWidth: 640,
    fullHeight: 360,
    durationSeconds: 3,
  })
  expect(picture.atSeconds).toBeCloseTo(0.28)
  const [red, green, blue] = await colorAt(picture, 200, 20)
  expect(blue).toBeGreaterThan(Math.max(red!, green!))
})

test('of a video whose index is the last box and has the size 0, a frame is drawn', async () => {
  const bytes = await readFile(sample('clip.mp4'))
  const at = bytes.indexOf('moov', 0, 'latin1') - 4
  const index = Buffer.from(bytes.subarray(at, at + bytes.readUInt32BE(at)))
  // Leaves the frames where they are: the index at the front becomes free space, and its copy goes to the end.
  bytes.write('free', at + 4, 'latin1')
  index.writeUInt32BE(0, 0)
  const path = join(folder, 'open.mp4')
  await writeFile(path, Buffer.concat([bytes, index]))
  const picture = await drawer.draw({ path, mimeType: 'video/mp4' }, { maxEdge: 320 })
  expect(picture).toMatchObject({ width: 320, height: 180, durationSeconds: 3 })
})

test('of a document the first page is drawn', async () => {
  const source = { path: sample('report.pdf'), mimeType: 'application/pdf' }
  const picture = await drawer.draw(source)
  expect(picture).toMatchObject({ width: 1190, height: 1684, fullWidth: 595, fullHeight: 842, pageCount: 3 })
  // The bar at its top: shows that red and blue are not swapped.
  expect(await colorAt(picture, 600, 20)).toEqual([43, 94, 117])
})

test.each([
  ['no_picture', 'application/zip', 'PK\x03\x04'],
  ['no_picture', 'image/bmp', 'BM'],
  ['no_picture', 'video/vnd.avi', 'RIFF'],
  ['no_picture', 'audio/flac', 'fLaC'],
  ['no_picture', 'image/png', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
  ['undecodable', 'image/jpeg', 'nothing of the kind'],
  ['undecodable', 'video/mp4', 'nothing of the kind'],
  ['undecodable', 'application/pdf', '%PDF-1.7 and nothing more'],
])('%s: %s with %j in it', async (code, mimeType, bytes) => {
  const path = join(folder, 'file')
  await writeFile(path, bytes)
  expect(await failure(drawer.draw({ path, mimeType }))).toMatchObject({ name: 'NoPictureError', code })
})

test('a picture of too many pixels is not decoded', async () => {
  const path = join(folder, 'bomb.png')
  await writeFile(path, hugePng(30_000, 30_000))
  const error = await failure(drawPicture({ path, mimeType: 'image/png' }))
  expect(error).toMatchObject({ name: 'NoPictureError', code: 'pixel_bomb' })
})

test('a file that eats memory fails alone', async () => {
  const narrow = createPictureDrawer({ isolation: noIsolation, size: 1, maxMemoryBytes: 128 * 1024 ** 2 })
  const path = join(folder, 'large.webp')
  await sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#123456' } })
    .webp({ lossless: true, effort: 0 })
    .toFile(path)
  const error = await failure(narrow.draw({ path, mimeType: 'image/webp' }))
  expect(error).toMatchObject({ name: 'NoPictureError', code: 'undecodable' })
  const other = await narrow.draw({ path: sample('slide.png'), mimeType: 'image/png' }, { maxEdge: 64 })
  expect(other.width).toBe(64)
  await narrow.close()
})

test.for(['namespace', 'permission', 'none'] as const)(
  'pictures, documents and frames of videos are drawn at the rung %s',
  { timeout: 60_000 },
  async (rung, { skip }) => {
    const isolation = await chooseIsolation(rung, [sample('')]).catch((error: unknown) => {
      if (rung === 'namespace' && error instanceof IsolationError) return undefined
      throw error
    })
    if (isolation === undefined) return skip()
    const isolated = createPictureDrawer({ isolation, size: 1 })
    try {
      for (const [name, mimeType] of [
        ['meadow.jpg', 'image/jpeg'],
        ['report.pdf', 'application/pdf'],
        ['clip.mp4', 'video/mp4'],
      ] as const) {
        const { bytes } = await isolated.draw({ path: sample(name), mimeType }, { maxEdge: 100 })
        const { width, height } = await sharp(bytes).metadata()
        expect(Math.max(width, height)).toBe(100)
      }
    } finally {
      await isolated.close()
    }
  },
)
