import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadPlugins, PluginError } from './load-plugins.ts'
import { placeOf } from './place.ts'

const source = (name: string): string => `
  class Format {
    name = '${name}'
    platform = 'forum'
    wrapperKeys = []
    recognises(post) { return post.kind === this.name }
    read() { return { urn: 'urn:1', postedAt: 0, media: [] } }
  }
  export const sourceFormat = new Format()`

const analyser = (name: string): string => `
  export const analyser = {
    name: '${name}', version: '1', mediaTypes: ['image'],
    analyse: (input) => Promise.resolve({ result: { text: input.mimeType } }),
  }`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plugins-'))
  await writeFile(join(folder, 'forum.mjs'), source('forum'))
  await writeFile(join(folder, 'other.mjs'), source('other'))
  await writeFile(join(folder, 'again.mjs'), source('forum'))
  await writeFile(join(folder, 'empty.mjs'), 'export const anything = 1')
  await writeFile(join(folder, 'broken.mjs'), `throw new Error('no licence')`)
  await writeFile(
    join(folder, 'wrong.mjs'),
    `export const sourceFormat = { name: 'Not OK', platform: '', read: 1, files: [{ encoding: 'yaml', posts: 'items' }] }`,
  )
  await writeFile(join(folder, 'colours.mjs'), analyser('colours'))
  await writeFile(join(folder, 'colours-too.mjs'), analyser('colours'))
  await writeFile(join(folder, 'both.mjs'), source('both') + analyser('both'))
  await writeFile(
    join(folder, 'wrong-analyser.mjs'),
    `export const analyser = { name: 'a', version: 1, mediaTypes: ['sound'], runsIn: 'gpu', timeoutMs: 0, dailyBudget: { usd: -1 } }`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

const at = (file: string): string => join(folder, file)
const failure = (modules: string[]): Promise<unknown> => loadPlugins(modules).catch((error: unknown) => error)

test('plugins are loaded from paths and file URLs, in order, with their own `this`', async () => {
  const { sourceFormats } = await loadPlugins([at('other.mjs'), pathToFileURL(at('forum.mjs')).href])
  expect(sourceFormats.map(({ name }) => name)).toEqual(['other', 'forum'])
  expect(sourceFormats[1]!.recognises({ kind: 'forum' }, placeOf())).toBe(true)
})

test('a module brings an analyser, a source format, or both', async () => {
  const { sourceFormats, analysers } = await loadPlugins([at('colours.mjs'), at('both.mjs')])
  expect(sourceFormats.map(({ name }) => name)).toEqual(['both'])
  expect(analysers.map((one) => one.analyser.name)).toEqual(['colours', 'both'])
  expect(analysers[0]!.module).toBe(pathToFileURL(at('colours.mjs')).href)
})

test('packages are loaded by name, through the import that was given', async () => {
  const seen: string[] = []
  const importModule = async (specifier: string): Promise<unknown> => {
    seen.push(specifier)
    return import(pathToFileURL(at('forum.mjs')).href)
  }
  const { sourceFormats } = await loadPlugins(['@forum/source', '@forum/source'], importModule)
  expect(sourceFormats).toHaveLength(1)
  expect(seen).toEqual(['@forum/source'])
})

test.each([
  [['@nobody/nothing-of-that-name'], /@nobody\/nothing-of-that-name: it cannot be imported/],
  [['broken.mjs'], /broken\.mjs: it cannot be imported: Error: no licence/],
  [['empty.mjs'], /empty\.mjs: it has no export named `sourceFormat` or `analyser`/],
  [['forum.mjs', 'again.mjs'], /again\.mjs: another plugin is named `forum` already/],
  [
    ['wrong.mjs'],
    /sourceFormat\.name: must be lower-case.*\.platform: .*\.files\.0\.encoding: .*\.files\.0\.posts: must be a JSON pointer.*\.recognises: must be a function.*\.read/,
  ],
  [['colours.mjs', 'colours-too.mjs'], /colours-too\.mjs: another plugin is named `colours` already/],
  [
    ['wrong-analyser.mjs'],
    /analyser\.version: .*\.mediaTypes\.0: .*\.runsIn: .*\.timeoutMs: .*\.dailyBudget\.usd: .*\.analyse: must be a function/,
  ],
])('%j is refused with the module and the reason', async (files, message) => {
  const error = await failure(files.map((file) => (file.startsWith('@') ? file : at(file))))
  expect(error).toBeInstanceOf(PluginError)
  expect((error as PluginError).message).toMatch(message)
})

test('a plugin cannot take the name of a built-in format', async () => {
  const builtIn = [{ name: 'forum' }]
  await expect(loadPlugins([at('forum.mjs')], undefined, builtIn)).rejects.toThrow(
    /forum\.mjs: another plugin is named `forum` already/,
  )
})
