import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './source-files.fixture.ts'

const page = await readFile(join(ROOT, 'docs', 'architecture.md'), 'utf8')
const [layers, lines] = page.split('| package')
const inTicks = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
/** Returns the names in a table's first column. */
const named = (table: string): string[] =>
  table.split('\n').flatMap((row) => (row.startsWith('| `') ? inTicks(row.split('|')[1]!) : []))

async function folders(parent: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, parent), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

test('every package has its layer on the page, as its package.json states it', async () => {
  const rows = layers!.split('\n').filter((row) => row.startsWith('| `'))
  const stated = new Map<string, string>()
  for (const row of rows) {
    const [, names, , layer] = row.split('|').map((cell) => cell.trim())
    let folder = ''
    for (const name of inTicks(names!)) {
      if (name.includes('/')) folder = name.slice(0, name.indexOf('/') + 1)
      stated.set(name.includes('/') || name === 'tools' ? name : folder + name, layer!)
    }
  }
  const packages = [
    ...(await folders('libs')).map((name) => `libs/${name}`),
    ...(await folders('apps')).map((name) => `apps/${name}`),
    'tools',
  ]
  expect([...stated.keys()].sort()).toEqual(packages.sort())
  for (const [name, layer] of stated) {
    const text = await readFile(join(ROOT, name, 'package.json'), 'utf8')
    const { nx } = JSON.parse(text) as { nx: { tags: string[] } }
    expect([name, nx.tags]).toEqual([name, [`layer:${layer}`]])
  }
})

test('every library has its line on the page', async () => {
  expect(named(`| package${lines!}`).sort()).toEqual((await folders('libs')).sort())
})
