import { join } from 'node:path'
import { AnalysisError, type AnalysisInput, type JsonObject } from '@mediakeep/plugin-api'
import { drawPicture, NoPictureError, type Picture } from '@mediakeep/picture'
import { expect, test } from 'vitest'
import { analyser } from './analyser.ts'
import { readPage } from './read-page.ts'

const signal = new AbortController().signal

async function read(name: string, mimeType: string): Promise<JsonObject> {
  const path = join(import.meta.dirname, '../../../sample/media', name)
  const input: AnalysisInput = {
    sha256: '0'.repeat(64),
    mediaType: 'image',
    mimeType,
    byteSize: 1,
    path,
    picture: (options) =>
      drawPicture({ path, mimeType }, options).catch((error: unknown) => {
        throw error instanceof NoPictureError ? new AnalysisError(error.code, error.message) : error
      }) as Promise<Picture & { mimeType: 'image/png' }>,
  }
  return (await analyser.analyse(input, { signal })).result
}

interface Read {
  readonly word: string
  readonly confidence: number
  readonly box: [left: number, top: number, width: number, height: number]
}

test('it finds the text of a slide offline, each word with its place and its confidence', async () => {
  const result = await read('slide.png', 'image/png')
  expect(result.text).toMatch(/Graviton benchmark/)
  expect(result.confidence).toBeGreaterThan(0.8)
  expect(result).toMatchObject({ width: 1280, height: 720 })
  const words = result.words as unknown as Read[]
  const [left, top, width, height] = words.find(({ word }) => word === 'Graviton')!.box
  // The title's line begins at (80, 180) and is 72 pixels high.
  expect(left).toBeGreaterThan(70)
  expect(left).toBeLessThan(95)
  expect(top).toBeGreaterThan(110)
  expect(top + height).toBeLessThan(200)
  expect(width).toBeGreaterThan(200)
})

test('it reads the first page of a document', async () => {
  expect((await read('report.pdf', 'application/pdf')).text).toMatch(/Tidal meadows: field notes/)
})

test('it reads nothing where nothing is written', async () => {
  expect(await read('meadow.jpg', 'image/jpeg')).toMatchObject({ text: '', confidence: 0, words: [] })
  expect(await read('slide.png', 'application/zip')).toEqual({ text: '', confidence: 0, words: [] })
})

test('what it cannot read is an error, and the next picture is read', async () => {
  await expect(readPage(Buffer.from('no picture'))).rejects.toThrow()
  expect((await read('slide.png', 'image/png')).text).toMatch(/Graviton/)
})
