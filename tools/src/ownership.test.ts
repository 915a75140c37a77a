import { expect, test } from 'vitest'
import { readSources, type SourceFile } from './source-files.fixture.ts'

/** The folder that may write each column. All other code must call it. */
const OWNERS: Readonly<Record<string, string>> = {
  fate: 'libs/media/',
  rejected_at: 'libs/media/',
  download_not_before: 'libs/media/',
  inspect_not_before: 'libs/media/',
  archive_not_before: 'libs/media/',
  ai_analysis_status: 'libs/analysis/',
  analysis_not_before: 'libs/analysis/',
  import_not_before: 'libs/import/',
  task_not_before: 'libs/lease/',
}

const EXCEPTIONS: Readonly<Record<string, string>> = {
  'libs/import/src/store-media.sql': 'one upsert inserts references and reopens those that got a fresh URL',
  'libs/reconcile/src/batch.sql': 'completes rows that older writers left without keys, fates or statuses',
  'libs/db/src/preflight-statuses.ts': 'maps statuses of older writers before the first migration',
}

const COLUMN = Object.keys(OWNERS).join('|')
// An assignment follows SET, a comma, or the start of a fragment; a comparison follows another word or an alias.
const ASSIGNMENT = new RegExp(String.raw`(?:\bSET|,|\x60|^|--[^\n]*)\s*(${COLUMN})\s*=(?![=>])`, 'gm')
const INSERT = /INSERT INTO\s+[\w.]+(?:\s+AS\s+\w+)?\s*\(([^)]*)\)/g
const TABLE =
  /\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|MERGE\s+INTO)\s+(?:public\.|mediakeep\.)?[a-z_]+/g

function writtenColumns({ text }: SourceFile): string[] {
  const assigned = [...text.matchAll(ASSIGNMENT)].map(([, column]) => column!)
  const inserted = [...text.matchAll(INSERT)].flatMap(([, columns]) =>
    columns!.split(',').map((c) => c.trim()),
  )
  return [...new Set([...assigned, ...inserted])].filter((column) => column in OWNERS)
}

test('only its owner writes a state of media', async () => {
  const files = await readSources('libs', 'apps')
  const written = files.flatMap((file) => writtenColumns(file).map((column) => ({ path: file.path, column })))
  const others = written.filter(({ path, column }) => !path.startsWith(OWNERS[column]!))
  expect(others.filter(({ path }) => !(path in EXCEPTIONS))).toEqual([])
  // Exceptions that are no longer needed must be removed.
  expect(Object.keys(EXCEPTIONS).filter((path) => !others.some((other) => other.path === path))).toEqual([])
  // Checks that every owner writes what it owns: a pattern without matches would prove nothing.
  const owned = written.filter(({ path, column }) => path.startsWith(OWNERS[column]!))
  expect(new Set(owned.map(({ column }) => column))).toEqual(
    new Set(
      ['fate', 'rejected_at', 'download_not_before', 'inspect_not_before', 'archive_not_before'].concat(
        'ai_analysis_status',
        'analysis_not_before',
        'import_not_before',
        'task_not_before',
      ),
    ),
  )
})

test('only libs/media ends leases on downloads, inspections and uploads, which sets their next time', async () => {
  const files = await readSources('libs', 'apps')
  const ending = files.filter(({ path, text }) =>
    path.endsWith('.sql')
      ? /\b(?:download|inspect|archive)_lease_token = NULL/.test(text)
      : /\b(?:download|inspect|archive)Queue\.(?:ended|tried)\(/.test(text),
  )
  expect(ending.length).toBeGreaterThan(2)
  expect(ending.filter(({ path }) => !path.startsWith('libs/media/')).map(({ path }) => path)).toEqual([])
})

test('apps write no table', async () => {
  const files = await readSources('apps')
  expect(files.length).toBeGreaterThan(100)
  const writing = files.flatMap(({ path, text }) =>
    [...text.matchAll(TABLE)].map(([statement]) => `${path}: ${statement}`),
  )
  const prisma = files.flatMap(({ path, text }) =>
    [...text.matchAll(/\bprisma\.\w+\.(?:create|update|upsert|delete)\w*\(/g)].map(
      ([call]) => `${path}: ${call}`,
    ),
  )
  expect([...writing, ...prisma]).toEqual([])
})

test.each([
  ["UPDATE public.post_media m SET updated_at = now(),\n  fate = 'waiting'", ['fate']],
  ['UPDATE mediakeep.contents SET rejected_at = NULL', ['rejected_at']],
  ['INSERT INTO public.post_media AS m (media_id, fate) SELECT 1', ['fate']],
  ['const END = `archive_not_before = NULL`', ['archive_not_before']],
  ["SELECT FROM public.post_media m WHERE m.fate = 'waiting' AND fate = 'waiting'", []],
  ["count(*) FILTER (WHERE fate = 'failed')", []],
])('the columns that a text writes: %s', (text, columns) => {
  expect(writtenColumns({ path: '', text })).toEqual(columns)
})
