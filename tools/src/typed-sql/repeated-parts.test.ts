import { expect, test } from 'vitest'
import { readSources } from '../source-files.fixture.ts'

/** Parts that must be the same in several statements, because they write the same data or decide the same question. */
const PARTS: Readonly<Record<string, RegExp>> = {
  'event of changed media': /jsonb_build_object\('mediaId'.*?DESC\)/gs,
  'event of analysed media': /\('\[' \|\| string_agg\('\{"mediaId".*?\)::jsonb/gs,
  'shortened log': /CASE\s+WHEN jsonb_typeof\(\w+\.ai_analysis_log\).*?'\[\]'\) END/gs,
  'state of all analyses': /stands AS MATERIALIZED \(.*?GROUP BY e\.sha256_sum\)/gs,
  'cache in use': /k\.last_seen_at > now\(\) - make_interval\(.*?\d+\)\)/gs,
  'event of an import run': /jsonb_build_object\(\s*'runId'.*?media_refreshed\)/gs,
  'columns of a queued content': /cache_id = \$\d+::uuid, missing_from.*?(?=\s+WHERE c\.sha256_sum)/gs,
  'choice of contents to queue': /CASE\s+WHEN c\.inspected_at IS NULL AND.*?archive_error IS NULL\)\) END/gs,
}

test.each(Object.entries(PARTS))('all statements have the same %s', async (_, part) => {
  const files = await readSources('libs', 'apps')
  const found = files
    .filter(({ path }) => path.endsWith('.sql'))
    .flatMap(({ text }) => [...text.matchAll(part)].map(([match]) => match))
  // Without spaces, line breaks, the table's alias and the numbers of parameters.
  const texts = found.map((text) =>
    text
      .replace(/\s+/g, '')
      .replace(/\b\w+\.ai_analysis_log/g, 'log')
      .replace(/\b\w+\.(?=run_id|status|error_message|(?:bytes|posts|media)_)/g, '')
      .replace(/\$\d+/g, '$'),
  )
  expect(found.length).toBeGreaterThan(1)
  expect([...new Set(texts)]).toHaveLength(1)
})
