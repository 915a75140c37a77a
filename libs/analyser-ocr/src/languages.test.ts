import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawPicture } from '@mediakeep/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findLanguages, gatherLanguages, MissingLanguageError } from './languages.ts'
import { readPage } from './read-page.ts'

let folder: string
/** Installs the English data as the language `xyz`, and copies it as that of `abc`. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-ocr-'))
  const path = (await findLanguages(['eng']))[0]!.path
  const name = join(folder, 'node_modules/@tesseract.js-data/xyz')
  await mkdir(join(name, '4.0.0_best_int'), { recursive: true })
  await writeFile(join(name, 'package.json'), '{"name":"@tesseract.js-data/xyz","version":"1.0.0"}')
  await copyFile(path, join(name, '4.0.0_best_int/xyz.traineddata.gz'))
  await copyFile(path, join(folder, 'abc.traineddata.gz'))
})
afterAll(async () => {
  delete process.env['OCR_LANGUAGES']
  delete process.env['OCR_DATA']
  await rm(folder, { recursive: true })
})

test('languages are found by installed package and by path', async () => {
  const path = join(folder, 'abc.traineddata.gz')
  const found = await findLanguages(['eng', 'xyz', path, './abc.traineddata.gz'], folder)
  expect(found.map(({ code }) => code)).toEqual(['eng', 'xyz', 'abc'])
  expect(found[2]!.path).toBe(path)
})

test.each(['tlh', '/nowhere/deu.traineddata'])(
  '%s, which is missing, is reported with the remedy',
  async (language) => {
    const failure = await findLanguages([language], folder).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(MissingLanguageError)
    expect((failure as Error).message).toContain(`OCR_LANGUAGES names ${language}`)
    if (language === 'tlh') expect((failure as Error).message).toContain('npm install @tesseract.js-data/tlh')
  },
)

test('pictures are read with the languages of the setting', async () => {
  const languages = await findLanguages(['eng', join(folder, 'abc.traineddata.gz')])
  process.env['OCR_LANGUAGES'] = languages.map(({ code }) => code).join(',')
  process.env['OCR_DATA'] = await gatherLanguages(languages, join(folder, 'gathered'))
  expect(process.env['OCR_DATA']).toBe(join(folder, 'gathered'))
  const path = join(import.meta.dirname, '../../../sample/media/slide.png')
  const { bytes } = await drawPicture({ path, mimeType: 'image/png' }, { maxEdge: 2400 })
  const words = (await readPage(bytes)).flat().map(({ word }) => word)
  expect(words).toContain('Graviton')
})
