import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '@mediakeep/config'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseAnalysers } from './analysis.ts'

let plugin: string
beforeAll(async () => {
  plugin = join(await mkdtemp(join(tmpdir(), 'mediakeep-plugin-')), 'colours.mjs')
  await writeFile(
    plugin,
    `export const analyser = { name: 'colours', version: '3', mediaTypes: ['image'], analyse: async () => ({ result: {} }) }`,
  )
})
afterAll(() => rm(plugin, { force: true }))

async function chosen(env: Record<string, string>): Promise<{ configured: string[]; local: string[] }> {
  const { configured, local } = await chooseAnalysers(readConfig(env))
  return {
    configured: configured.map(({ name, version, mediaTypes }) => `${name}@${version} ${mediaTypes.join()}`),
    local: local.map(({ analyser }) => analyser.name),
  }
}

test('without any key: facts and ocr', async () => {
  expect(await chosen({})).toEqual({
    configured: ['facts@1 image,video,audio,document', 'ocr@1 image,video,document'],
    local: ['facts', 'ocr'],
  })
})

test('a model that is configured and plugins come with them', async () => {
  const env = { VISION_MODEL: 'eyes-1', VISION_API_KEY: 'key', MEDIAKEEP_PLUGINS: plugin }
  expect((await chosen(env)).local).toEqual(['facts', 'ocr', 'colours', 'vision'])
})

test('provenance runs only if it is listed', async () => {
  expect(await chosen({ ANALYSERS: 'provenance' })).toEqual({
    configured: ['provenance@1 image,video,audio,document'],
    local: ['provenance'],
  })
})

test('ANALYSERS chooses; one that runs elsewhere is configured and not run here', async () => {
  const env = { ANALYSERS: 'facts,colours@3,faces@2:image', MEDIAKEEP_PLUGINS: plugin }
  expect(await chosen(env)).toEqual({
    configured: ['facts@1 image,video,audio,document', 'colours@3 image', 'faces@2 image'],
    local: ['facts', 'colours'],
  })
  await expect(chosen({ ANALYSERS: 'facts,faces' })).rejects.toThrow(
    /ANALYSERS names faces, which is not installed here/,
  )
})
