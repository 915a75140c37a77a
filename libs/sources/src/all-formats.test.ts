import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { checkSourcePost, InvalidPostError, type JsonObject, type SourceFormat } from '@mediakeep/plugin-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sourceFormats } from './index.ts'
import { samplesIn } from './testing/ledger.fixture.ts'
import { mutationsOf } from './testing/mutate.fixture.ts'
import { itemsOf, type SampleItem } from './testing/read-sample.fixture.ts'

const folderOf = ({ name }: SourceFormat): string => join(import.meta.dirname, name)
const withSamples = sourceFormats.filter((format) => existsSync(join(folderOf(format), 'samples')))

async function sampleItems(format: SourceFormat, readers: readonly SourceFormat[]): Promise<SampleItem[]> {
  const roots = samplesIn(folderOf(format)).map((sample) => join(folderOf(format), 'samples', sample))
  return (await Promise.all(roots.map((root) => itemsOf(root, readers)))).flat()
}

/** Returns false for a reading that is refused as it should be, and throws anything else. */
function accepts(format: SourceFormat, { item, place }: Pick<SampleItem, 'item' | 'place'>): boolean {
  try {
    const result = format.read(item, place)
    if (!('skip' in result)) checkSourcePost(format, result)
    return true
  } catch (error) {
    if (error instanceof InvalidPostError) return false
    throw error
  }
}

test('each format has a name and a title of its own', () => {
  expect(new Set(sourceFormats.map(({ name }) => name)).size).toBe(sourceFormats.length)
  for (const { name } of withSamples) expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
})

describe.each(withSamples.map((format) => [format.name, format] as const))('%s', (_name, format) => {
  test('its samples have posts, and only its own kind of refusals', async () => {
    const items = await sampleItems(format, [format])
    const own = items.filter(({ item, place }) => format.recognises(item, place))
    const wrapped = items.filter(({ item, place }) => format.unwrap?.(item, place))
    expect(own.length + wrapped.length).toBeGreaterThan(0)
    for (const sample of own) accepts(format, sample)
  })

  test('no other format claims an item of its samples', async () => {
    const claims: [format: string, item: JsonObject][] = []
    for (const { item, place, format: finder } of await sampleItems(format, sourceFormats)) {
      const post = finder.unwrap?.(item, place)
      // The post in an envelope belongs to another format; only the envelope itself is of interest here.
      if (post) continue
      // An item is offered to the format whose rule found it.
      if (finder.name !== format.name && finder.recognises(item, place)) claims.push([finder.name, item])
    }
    expect(claims).toEqual([])
  })

  test('an item with odd values is read or refused as invalid, and nothing else happens', async () => {
    const items = await sampleItems(format, [format])
    const places = [...new Set(items.map(({ place }) => place))]
    const mutations = mutationsOf(items.map(({ item }) => item))
    fc.assert(
      fc.property(mutations, fc.constantFrom(...places), (item, place) => {
        format.unwrap?.(item, place)
        for (const other of sourceFormats) other.recognises(item, place)
        accepts(format, { item, place })
      }),
      { numRuns: 1000 },
    )
  })
})
