import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate, type MigrationOptions, type MigrationReport } from './migrate.ts'

let database: TestDatabase
let role: TestRole
let folder: string
beforeEach(async () => {
  database = await createTestDatabase('empty')
  role = await createTestRole(database)
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  await database.pg.query(`GRANT CREATE ON DATABASE ${database.name} TO ${role.name};
    CREATE TABLE public.notes (id int PRIMARY KEY, owner text, text text);
    INSERT INTO public.notes VALUES (1, '${role.name}', 'a'), (2, 'other', 'b');
    GRANT ALL ON public.notes TO ${role.name}`)
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await role.drop()
  await database.drop()
})

async function run(sql: string, options: Partial<MigrationOptions> = {}): Promise<MigrationReport> {
  await writeFile(join(folder, '20250101000000_change.sql'), sql)
  return migrate({ folder, url: role.url, historySchema: 'history', historyTable: 'migrations', ...options })
}

test('a migration refuses to change only the rows that policies leave it', async () => {
  await database.pg.query(`ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON public.notes USING (owner = current_user)`)
  await expect(run(`UPDATE public.notes SET text = 'changed'`)).rejects.toMatchObject({
    code: 'migration_failed',
    message: expect.stringMatching(/row-level security policy for table "notes".*BYPASSRLS/) as string,
  })
  const { rows } = await database.query('SELECT text FROM public.notes ORDER BY id')
  expect(rows).toEqual([{ text: 'a' }, { text: 'b' }])
})

test('an error says where it is and what PostgreSQL adds to it', async () => {
  await expect(
    run('CREATE UNIQUE INDEX one ON public.notes ((1)); SELECT owneer FROM public.notes'),
  ).rejects.toThrow(/must be owner/)
  await expect(run('SELECT 1; SELECT owneer FROM public.notes')).rejects.toThrow(
    /column "owneer" does not exist; at character \d+ of the statement; hint: .*notes\.owner/,
  )
  await expect(run(`INSERT INTO public.notes VALUES (1)`)).rejects.toThrow(/detail: Key \(id\)=\(1\) already/)
})

test('names without a schema are looked up where the project says, not where the role sets it', async () => {
  await database.pg.query(`CREATE SCHEMA hostile AUTHORIZATION ${role.name};
    ALTER ROLE ${role.name} SET search_path = hostile, public`)
  await run('CREATE TABLE IF NOT EXISTS made (id int)', { searchPath: 'history, pg_temp' })
  const { rows } = await database.query(`SELECT relnamespace::regnamespace::text AS schema FROM pg_class
    WHERE relname = 'made'`)
  expect(rows).toEqual([{ schema: 'history' }])
})
