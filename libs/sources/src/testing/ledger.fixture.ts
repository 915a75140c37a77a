import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { expect, test } from 'vitest'
import { mediaLines, readSample } from './read-sample.fixture.ts'

/** Counted by hand from one sample. */
interface Ledger {
  /** The media references of each post, by urn: `role type pointer file missing: reason url`. */
  readonly posts: Readonly<Record<string, readonly string[]>>
  /** Counts by reason. */
  readonly skipped?: Readonly<Record<string, number>>
  /** `code pointer` of each rejected item. */
  readonly rejected?: readonly string[]
}

/** Adds a test for each sample in `<folder>/samples` that compares the format's reading with `<folder>/ledger.json`. */
export function testLedger(format: SourceFormat, folder: string): void {
  const ledgers = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8')) as Record<string, Ledger>

  test('the ledger has every sample', () => {
    expect(Object.keys(ledgers).sort()).toEqual(samplesIn(folder))
  })

  test.each(Object.entries(ledgers))('reads sample %s as counted by hand', async (sample, ledger) => {
    const reading = await readSample(join(folder, 'samples', sample), [format])
    expect(reading.unrecognised).toEqual([])
    expect(reading.rejected.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(ledger.rejected ?? [])
    expect(reading.skipped).toEqual(ledger.skipped ?? {})
    // Items with one urn are parts of one post.
    const posts = Map.groupBy(reading.posts, ({ post }) => post.urn)
    expect([...posts.keys()]).toEqual(Object.keys(ledger.posts))
    for (const [urn, same] of posts) {
      expect(same.flatMap(({ post }) => mediaLines(post))).toEqual(ledger.posts[urn])
    }
  })
}

/** Names of a format's samples: folders, or single files. */
export function samplesIn(folder: string): string[] {
  const samples = join(folder, 'samples')
  return existsSync(samples) ? readdirSync(samples).sort() : []
}
