import { expect, test } from 'vitest'
import { readSources } from '../source-files.fixture.ts'

/** Parts that several statements must have alike, because others read what they write, or they decide the same question. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'event of changed media': /jsonb_build_object\('mediaId'.*?DESC\)/gs,
  'event of analysed media': /\('\[' \|\| string_agg\('\{"mediaId".*?\)::jsonb/gs,
  'shortened log': /CASE\s+WHEN jsonb_typeof\(\w+\.ai_analysis_log\).*?'\[\]'\) END/gs,
  'state of all analyses': /stands AS MATERIALIZED \(.*?GROUP BY e\.sha256_sum\)/gs,
  'cache in use': /k\.last_seen_at > now\(\) - make_interval\(.*?\d+\)\)/gs,
}

test.each(Object.entries(PARTS))('all statements have the same %s', async (_, part) => {
  const files = await readSources('libs', 'apps')
  const found = files
    .filter(({ path }) => path.endsWith('.sql'))
    .flatMap(({ text }) => [...text.matchAll(part)].map(([match]) => match))
  // Without spaces, line breaks and the table's alias.
  const texts = found.map((text) => text.replace(/\s+/g, '').replace(/\b\w+\.ai_analysis_log/g, 'log'))
  expect(found.length).toBeGreaterThan(1)
  expect([...new Set(texts)]).toHaveLength(1)
})
