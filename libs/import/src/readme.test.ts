import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadPlugins } from '@mediakeep/plugin-api'
import { buildZip } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formats } from './posts.fixture.ts'
import { previewImport, type ImportPreview } from './preview-import.ts'

const README = new URL('../../plugin-api/README.md', import.meta.url)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readme-'))
  const text = await readFile(README, 'utf8')
  for (const [, module, code] of text.matchAll(/```js\n\/\/ (\S+)\n(.*?)```/gs)) {
    await writeFile(join(folder, module!), code!)
  }
  const threads = /`threads\.json` holds `(.*?)`:/s.exec(text)![1]!
  await writeFile(join(folder, 'threads.json'), threads)
})
afterAll(() => rm(folder, { recursive: true }))

async function previewWith(module: string, file: string): Promise<ImportPreview> {
  const { sourceFormats } = await loadPlugins([join(folder, module)])
  return previewImport([join(folder, file)], [...formats, ...sourceFormats])
}

test('the first format of the README reads its file', async () => {
  expect(await previewWith('forum.mjs', 'threads.json')).toMatchObject({
    posts: 1,
    media: 1,
    formats: { forum: { posts: 1, media: 1 } },
    rejected: [],
    fileErrors: [],
  })
})

test('the second one reads an archive with files, facts and two platforms', async () => {
  const entries = [
    { entry: 1, at: 1_780_000_000, files: ['a.jpg', 'lost.jpg'], alts: ['A'] },
    { entry: 2, at: 1_780_000_000, from: 'elsewhere' },
    { entry: 3, kind: 'like' },
  ]
  const zip = buildZip([
    { name: 'export/data/entries.js', bytes: `window.DATA.entries = ${JSON.stringify(entries)}` },
    { name: 'export/data/account.json', bytes: '{"name":"ada"}' },
    { name: 'export/data/media/a.jpg', bytes: 'jpeg' },
  ])
  await writeFile(join(folder, 'club.zip'), zip)
  expect(await previewWith('archive.mjs', 'club.zip')).toMatchObject({
    posts: 2,
    media: 2,
    formats: { club: { posts: 2, media: 2 } },
    skippedItems: { like: 1 },
    rejected: [],
    fileErrors: [],
  })
})
