import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { buildZip, createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { expect, test } from 'vitest'
import { createImportRun, readRunSummary, runImport } from '../index.ts'

const numbers: SourceFormat = {
  name: 'numbers',
  platform: 'numbers',
  files: [{ path: 'data/numbers.json', posts: '/list' }],
  recognises: (item) => 'n' in item,
  read: (item) => ({ urn: `numbers:${JSON.stringify(item.n)}`, postedAt: 1_700_000_000_000, media: [] }),
}

test('an import that stops goes on at its member and post, and counts nothing twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'resume-'))
  const database = await createTestDatabase()
  const list = (from: number): string => Array.from({ length: 1200 }, (_, n) => `{"n":${from + n}}`).join()
  const members = [1000, 3000, 5000].map((from) => ({
    name: `${from}/data/numbers.json`,
    bytes: `{"list":[${list(from)}]}`,
  }))
  const path = join(folder, 'long.zip')
  await writeFile(path, buildZip(members))
  const runId = await createImportRun(database, { files: [path], machine: 'here' })
  let stops = 0
  for (let isDone = false; !isDone; stops++) isDone = await stopped(database, runId)
  expect(stops).toBeGreaterThan(3)
  const { posts, formats } = (await readRunSummary(database, runId))!
  expect(posts).toEqual({ processed: 3600, new: 3600, known: 0, rejected: 0 })
  expect(formats).toEqual({ numbers: 3600 })
  await database.drop()
  await rm(folder, { recursive: true })
}, 60_000)

/** Imports until the second transaction begins, which the stop rolls back. @returns true when the run has ended */
async function stopped(database: TestDatabase, runId: string): Promise<boolean> {
  const stop = new AbortController()
  let transactions = 0
  const transaction: TestDatabase['transaction'] = (work) =>
    database.transaction(async (sql) => {
      const result = await work(sql)
      if (++transactions === 2) {
        stop.abort()
        throw new Error('stopped before the commit')
      }
      return result
    })
  const query: TestDatabase['query'] = (text, values) => database.query(text, values)
  try {
    await runImport({ ...database, query, transaction }, { runId, formats: [numbers], signal: stop.signal })
    return true
  } catch {
    return false
  }
}
