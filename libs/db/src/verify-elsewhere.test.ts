import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase, openPool } from '@mediakeep/postgres'
import { contractOf, readSchema, verifySchema, type SchemaContract } from '@mediakeep/schema-verify'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { migrateDatabase } from './migrate-database.ts'
import { buildInstallation } from './migrate-installation.fixture.ts'
import { verifyDatabase } from './verify-database.ts'

const failures = async (url: string): Promise<unknown[]> =>
  (await verifyDatabase(url)).filter((check) => !check.ok)

/** Objects that other programs may have in the same database, next to our tables and attached to them. */
const THEIRS = `
  CREATE SCHEMA theirs; CREATE TABLE theirs.posts (post_id int); CREATE TABLE profiles (id uuid PRIMARY KEY);
  CREATE TYPE mood AS ENUM ('good'); CREATE DOMAIN theirs.small AS int CHECK (value < 9);
  CREATE VIEW recent AS SELECT * FROM post_media; CREATE MATERIALIZED VIEW theirs.counts AS SELECT count(*) FROM posts;
  CREATE EXTENSION IF NOT EXISTS pg_trgm; CREATE SEQUENCE theirs.numbers; CREATE SEQUENCE mediakeep.numbers_of_theirs;
  ALTER TABLE post_media ADD COLUMN mood mood, ADD COLUMN note text NOT NULL DEFAULT '';
  ALTER TABLE post_media ADD CONSTRAINT note_check CHECK (note <> 'x');
  CREATE INDEX their_index ON post_media (note) WHERE note <> ''; CREATE TABLE mediakeep.theirs (id int);
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER touch BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION touch();
  ALTER TABLE posts ENABLE ROW LEVEL SECURITY; CREATE POLICY everybody ON posts USING (true);
  COMMENT ON COLUMN posts.urn IS 'theirs'; COMMENT ON INDEX idx_posts_urn IS 'theirs';
  ALTER TABLE data_downloads SET (autovacuum_vacuum_scale_factor = 0.01)`

/** Binaries of another version, if npm has them for this machine. */
async function binariesOf(version: number): Promise<string | undefined> {
  const { resolve } = createRequire(import.meta.url)
  try {
    const module = resolve(`postgres-${version}`)
    const root = dirname(dirname(module))
    // npm packages cannot contain links; an install script creates them, but it may not have been allowed to run.
    if (!existsSync(join(root, 'native/lib/libpq.so.5'))) {
      await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: root })
    }
    return pathToFileURL(module).href
  } catch {
    return undefined
  }
}

async function withServer(binaries: string | undefined, work: (url: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-'))
  await chmod(folder, 0o755)
  const server = await openEmbeddedPostgres(join(folder, 'postgres'), binaries ? { binaries } : {})
  try {
    await work(await createDatabase(server.url, 'mediakeep'))
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

const ACCESS = { owners: true, grants: true }
/** At least one object of every kind. */
const KINDS = readFileSync(join(import.meta.dirname, '../../schema-verify/src/kinds.fixture.sql'), 'utf8')
/** Their contract, as PostgreSQL 17 prints it. */
let kinds: SchemaContract
beforeAll(async () => {
  const database = await createTestDatabase('empty')
  await database.pg.query(KINDS)
  kinds = contractOf(await readSchema(database, { schemas: ['shop'] }), { schemas: ['shop'] })
  await database.drop()
})

describe.each([15, 16, 17, 18])('PostgreSQL %i', (version) => {
  test('gives no false alarm, whatever else others have there', async (context) => {
    const binaries = version === 17 ? undefined : await binariesOf(version)
    if (version !== 17 && !binaries) return context.skip()
    await withServer(binaries, async (url) => {
      const pool = openPool(url, { max: 1 })
      const { rows } = await pool.query<{ n: number }>(
        `SELECT current_setting('server_version_num')::int / 10000 AS n`,
      )
      expect(rows[0]!.n).toBe(version)
      await migrateDatabase(url)
      expect(await failures(url)).toEqual([])
      await pool.pg.query(THEIRS)
      expect(await failures(url)).toEqual([])
      await pool.query('DROP INDEX idx_media_md5_sum')
      expect(await failures(url)).toMatchObject([{ object: 'index public.idx_media_md5_sum' }])
      await pool.pg.query(KINDS)
      expect((await verifySchema(pool, kinds, ACCESS)).filter((check) => !check.ok)).toEqual([])
      await pool.close()
    })
  })
})

describe('in one version', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  test.each(['tr-TR', 'de-DE-u-co-phonebk', 'ja'])(
    'a database of the locale %s gives no false alarm',
    async (locale) => {
      const name = `locale_${locale.replaceAll('-', '_').toLowerCase()}`
      await database.query(
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE '${locale}'`,
      )
      const url = new URL(database.url)
      url.pathname = `/${name}`
      await migrateDatabase(url.href)
      expect(await failures(url.href)).toEqual([])
      await database.query(`DROP DATABASE ${name} WITH (FORCE)`)
    },
  )

  test('odd settings of the server give none either', async () => {
    await database.query(`ALTER DATABASE ${database.name} SET quote_all_identifiers = on`)
    await database.query(`ALTER DATABASE ${database.name} SET search_path = mediakeep, public`)
    await database.query(`ALTER DATABASE ${database.name} SET DateStyle = 'German, DMY'`)
    await database.query(`ALTER DATABASE ${database.name} SET standard_conforming_strings = off`)
    expect(await failures(database.url)).toEqual([])
  })

  test('a role that may only read gives none, and needs no more', async () => {
    const role = `reader_${database.name}`
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' IN ROLE pg_read_all_data`)
    await database.query(`ALTER ROLE ${role} SET default_transaction_read_only = on`)
    const url = new URL(database.url)
    url.username = role
    url.password = 'x'
    expect(await failures(url.href)).toEqual([])
    await database.query('DROP INDEX idx_media_md5_sum')
    expect(await failures(url.href)).toHaveLength(1)
    await database.query(`DROP ROLE ${role}`)
  })

  test('a table that somebody locks is not waited for: the verification could not run', async () => {
    await database.transaction(async (sql) => {
      await sql.query('LOCK TABLE post_media IN ACCESS EXCLUSIVE MODE')
      const started = performance.now()
      await expect(verifyDatabase(database.url)).rejects.toMatchObject({ code: '55P03' })
      expect(performance.now() - started).toBeLessThan(3_000)
    })
  })

  test("Supabase's database with section 2 under its other version is explained in a line", async () => {
    const other = await createTestDatabase('empty')
    await buildInstallation(other, 2)
    await other.pg.query(`CREATE SCHEMA supabase_migrations;
      CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY, statements text[], name text);
      INSERT INTO supabase_migrations.schema_migrations (version, name) VALUES ('20251130223349', 'create_schema'),
        ('20251201203830', 'add_media_tracking_columns')`)
    await migrateDatabase(other.url)
    const lines = (await verifyDatabase(other.url)).filter(({ actual }) => actual.includes('20251201203830'))
    expect(lines).toMatchObject([{ ok: true, object: 'migration 20251201123623_add_media_tracking_columns' }])
    await other.drop()
  })
})

test('a hot standby gives no false alarm', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'standby-'))
  await chmod(folder, 0o755)
  const first = await openEmbeddedPostgres(join(folder, 'primary'))
  await migrateDatabase(await createDatabase(first.url, 'mediakeep'))
  await first.close()
  // A cold copy with a standby.signal file stays in recovery, and accepts readers.
  await cp(join(folder, 'primary'), join(folder, 'standby'), { recursive: true, preserveTimestamps: true })
  await rm(join(folder, 'standby', 'clients'), { recursive: true, force: true })
  await writeFile(join(folder, 'standby', 'data', 'standby.signal'), '')
  expect(await readdir(join(folder, 'standby'))).toContain('data')
  expect(await readFile(join(folder, 'standby', 'password'), 'utf8')).not.toBe('')
  await chownLike(join(folder, 'primary', 'data'), join(folder, 'standby', 'data'))
  const standby = await openEmbeddedPostgres(join(folder, 'standby'))
  const url = new URL(standby.url)
  url.pathname = '/mediakeep'
  const pool = openPool(url.href, { max: 1 })
  expect((await pool.query('SELECT pg_is_in_recovery() AS yes')).rows).toEqual([{ yes: true }])
  expect(await failures(url.href)).toEqual([])
  await pool.close()
  await standby.close()
  await rm(folder, { recursive: true })
})

async function chownLike(model: string, folder: string): Promise<void> {
  await promisify(execFile)('chown', [
    '-R',
    `--reference=${model}`,
    folder,
    join(folder, '../log'),
    join(folder, '../password'),
  ])
}
