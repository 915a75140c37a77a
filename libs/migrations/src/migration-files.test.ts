import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMigrations } from './migration-files.ts'

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql)
  return folder
}

test('reads names, directions and the directive', async () => {
  const folder = await folderOf({
    '20260102000000_b.sql': '-- no-transaction\nVACUUM a; ANALYZE a;',
    '20260101000000_a.sql': 'SELECT 1',
    '20260101000000_a.down.sql': 'SELECT 2',
    'notes.md': '',
  })
  expect(await readMigrations(folder)).toMatchObject([
    { version: '20260101000000', title: 'a', up: { transactional: true }, down: { sql: 'SELECT 2' } },
    { title: 'b', up: { transactional: false, statements: ['VACUUM a', 'ANALYZE a'] }, down: undefined },
  ])
})

test.each([
  [{ '2026_short.sql': '' }, 'the name must be'],
  [{ '20260101000000_a.down.sql': '' }, 'there is no 20260101000000_a.sql'],
  [{ '20260101000000_a.sql': '', '20260101000000_b.sql': '' }, 'the same version'],
  [{ '20260101000000_a.sql': 'BEGIN; SELECT 1; COMMIT;' }, 'one transaction already'],
  [{ '20260101000000_a.sql': 'CREATE INDEX CONCURRENTLY a ON b (c)' }, '-- no-transaction'],
])('refuses %o', async (files, reason) => {
  await expect(readMigrations(await folderOf(files))).rejects.toMatchObject({
    code: 'invalid_migration',
    message: expect.stringContaining(reason) as string,
  })
})
