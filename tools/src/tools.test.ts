import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTarget } from './open-target.ts'

const ROOT = join(import.meta.dirname, '../..')
const BIN = join(import.meta.dirname, '../bin/mediakeep-schema.js')
const DATABASE = ['--database', 'libs/db/src/database.ts']

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('empty')
})
afterEach(() => database.drop())

interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}
function run(args: readonly string[], url = database.url): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATABASE_URL: url, DIRECT_DATABASE_URL: '' }
    const child = execFile(process.execPath, [BIN, ...args], { cwd: ROOT, env }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

test('migrate, verify, drift: each exit code says which', async () => {
  expect(await run(['verify', ...DATABASE])).toMatchObject({ code: 1 })
  expect(await run(['migrate', ...DATABASE, '--dry-run'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('would apply 20251130223349_create_schema') as string,
  })
  expect(await run(['migrate', ...DATABASE])).toMatchObject({ code: 0 })
  expect((await run(['migrate', ...DATABASE, '--status'])).stdout).not.toContain('pending')
  expect(await run(['verify', ...DATABASE])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('0 warnings, 0 failed') as string,
  })
  await database.query('DROP INDEX idx_media_md5_sum')
  const drifted = await run(['verify', ...DATABASE, '--json'])
  expect(drifted.code).toBe(1)
  const checks = JSON.parse(drifted.stdout) as { object: string; ok: boolean }[]
  expect(checks.filter((check) => !check.ok)).toMatchObject([{ object: 'index public.idx_media_md5_sum' }])
})

test('a fix plan, run as it stands, makes verification green again; a JUnit report goes into a file', async () => {
  await run(['migrate', ...DATABASE])
  await database.pg.query('DROP INDEX idx_media_md5_sum; ALTER TABLE posts ALTER platform DROP DEFAULT')
  const folder = await mkdtemp(join(tmpdir(), 'junit-'))
  const plan = await run(['verify', ...DATABASE, '--fix-plan', '--junit', join(folder, 'report.xml')])
  expect(plan.code).toBe(1)
  expect(await readFile(join(folder, 'report.xml'), 'utf8')).toContain('failures="2"')
  await rm(folder, { recursive: true })
  for (const statement of plan.stdout.split('\n').filter((line) => !line.startsWith('--'))) {
    if (statement) await database.query(statement)
  }
  expect(await run(['verify', ...DATABASE])).toMatchObject({ code: 0 })
})

test('--to stops, --down undoes, and what stays says why', async () => {
  expect(await run(['migrate', ...DATABASE, '--to', 'create_mediakeep_schema'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('3 applied') as string,
  })
  expect((await run(['migrate', ...DATABASE, '--down', '--dry-run'])).stdout).toContain('would undo')
  expect((await run(['migrate', ...DATABASE, '--down'])).stdout).toContain(
    'undone: 20261123090000_create_mediakeep_schema',
  )
  expect(await run(['migrate', ...DATABASE, '--down'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('add_media_tracking_columns stays, and nothing was undone') as string,
  })
})

test('a migration that fails is 1, a database that does not answer or a wrong use is 2', async () => {
  await database.query('CREATE TABLE posts ()')
  expect(await run(['migrate', ...DATABASE])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('lacks table download_runs') as string,
  })
  expect(await run(['verify', ...DATABASE], 'postgresql://x@127.0.0.1:1/x')).toMatchObject({ code: 2 })
  expect(await run(['verify'])).toMatchObject({ code: 2 })
  expect(await run(['verify', '--database', 'libs/sql/src/index.ts'])).toMatchObject({ code: 2 })
})

describe('the database worked on', () => {
  const lines: string[] = []
  const open = (environment: Record<string, string>): ReturnType<typeof openTarget> =>
    openTarget(tmpdir(), environment, (line) => lines.push(line))

  test('is the direct one before the pooled one, and a pooler alone is told', async () => {
    const DATABASE_URL = 'postgresql://x@pooler:6543/x'
    expect(await open({ DATABASE_URL, DIRECT_DATABASE_URL: 'postgresql://x@db/x' })).toMatchObject({
      url: 'postgresql://x@db/x',
    })
    expect(lines).toEqual([])
    expect(await open({ DATABASE_URL })).toMatchObject({ url: DATABASE_URL })
    expect(lines[0]).toContain('set DIRECT_DATABASE_URL')
  })

  test('is the embedded one when none is named, made at the first use', async () => {
    const home = await mkdtemp(join(tmpdir(), 'mediakeep-home-'))
    await chmod(home, 0o755)
    for (const attempt of ['first', 'second']) {
      const target = await open({ MEDIAKEEP_HOME: home })
      expect(new URL(target.url).pathname, attempt).toBe('/mediakeep')
      await target.close()
    }
    await rm(home, { recursive: true })
  })
})
