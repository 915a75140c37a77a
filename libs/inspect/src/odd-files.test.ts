import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { drawPicture } from '@mediakeep/picture'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBrowserJudge } from './browser-judge.fixture.ts'
import { makeOddFiles, motionPhoto, type OddFile } from './odd-files.fixture.ts'
import { assertNoPolyglot } from './image-polyglot.ts'
import { endOfJpeg } from './image-end.ts'
import { inspector, noise } from './samples.fixture.ts'

let folder: string
let files: OddFile[]
let kept: Map<OddFile, string>
beforeAll(async () => {
  files = await makeOddFiles()
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-odd-'))
  const verdicts = files.map(async (file, at): Promise<[OddFile, string]> => {
    const path = join(folder, String(at))
    await writeFile(path, file.bytes)
    return [file, await inspector.inspect(path).then(() => 'kept', String)]
  })
  kept = new Map(await Promise.all(verdicts))
})
afterAll(() => rm(folder, { recursive: true }))

const library = PDFiumLibrary.init()

/** Returns true if the most lenient decoder can show it. */
async function isShown({ mimeType, bytes }: OddFile): Promise<boolean> {
  try {
    if (mimeType === 'application/pdf') {
      const document = await (await library).loadDocument(bytes)
      const pages = document.getPageCount()
      document.destroy()
      return pages > 0
    }
    await sharp(bytes, { failOn: 'none', pages: 1 }).raw().toBuffer()
    return true
  } catch {
    return false
  }
}

test('keeps at least 200 odd files that sharp or PDFium shows', async () => {
  expect(files.length).toBeGreaterThanOrEqual(200)
  const rejected: string[] = []
  for (const file of files) {
    if ((await isShown(file)) && kept.get(file) !== 'kept') rejected.push(`${file.name}: ${kept.get(file)}`)
  }
  expect(rejected).toEqual([])
})

test('keeps what Chromium shows', async (context) => {
  const browser = await createBrowserJudge()
  if (browser === undefined) return context.skip('there is no browser here')
  try {
    const seen = files.filter(({ mimeType }) => !mimeType.startsWith('application/'))
    const shown = await browser.shows(seen)
    const ofKind = (kind: string): OddFile[] =>
      seen.filter((file, at) => shown[at] === true && file.mimeType.startsWith(kind))
    expect(ofKind('image/').length).toBeGreaterThan(150)
    expect(ofKind('video/').length).toBeGreaterThan(20)
    const rejected = seen.filter((file, at) => shown[at] === true && kept.get(file) !== 'kept')
    expect(rejected.map(({ name }) => name)).toEqual([])
  } finally {
    await browser.close()
  }
})

test('a picture is drawn of every kept image, for thumbnails and analysers', async () => {
  const undrawn: string[] = []
  for (const [at, { name, mimeType }] of files.entries()) {
    if (!mimeType.startsWith('image/') || kept.get(files[at]!) !== 'kept') continue
    const source = { path: join(folder, String(at)), mimeType }
    await drawPicture(source, { maxEdge: 64 }).catch((error: unknown) =>
      undrawn.push(`${name}: ${String(error)}`),
    )
  }
  expect(undrawn).toEqual([])
})

test('calls none of 2,000 files that look like motion photos a polyglot', async () => {
  const photo = await noise(64, 48).jpeg().toBuffer()
  const { end } = endOfJpeg(photo)
  for (let count = 0; count < 2000; count += 1) {
    const bytes = motionPhoto(photo, count < 1980 ? 100_000 : 4 * 1024 * 1024)
    // Strings that an earlier version searched for, at positions where chance could put them.
    if (count % 4 === 0)
      bytes.write(['<svg ', 'PK\x03\x04', 'PK\x05\x06', '<html'][(count / 4) % 4]!, end + 5000, 'latin1')
    // Half of them have no box around their tail, so what follows is judged as it is.
    if (count % 2 === 0) bytes.write('\0\0\0\0', end + 4, 'latin1')
    expect(() => assertNoPolyglot(bytes, 'image/jpeg', end)).not.toThrow()
  }
})
