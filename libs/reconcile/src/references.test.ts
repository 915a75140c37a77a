import { readMediaUrl } from '@mediakeep/media-url'
import { createTestDatabase, createTestRole, type TestDatabase, type TestRole } from '@mediakeep/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { reconcile } from './reconcile.ts'

let database: TestDatabase
let role: TestRole
beforeEach(async () => {
  database = await createTestDatabase()
  role = await createTestRole(database)
  await database.pg.query(`
    INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'u1', 1733000000123);
    INSERT INTO post_media (media_id, post_id, media_type, media_url)
      SELECT id, 'p-1', 'image', 'https://media.example/a.jpg' FROM unnest(ARRAY['med-a', 'med-b']) id;
    CREATE TABLE public.notes (note_id int PRIMARY KEY, media_id text REFERENCES post_media ON DELETE CASCADE, owner text);
    INSERT INTO notes VALUES (1, 'med-a', 'one'), (2, 'med-b', 'other');
    GRANT USAGE ON SCHEMA mediakeep TO ${role.name};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, mediakeep TO ${role.name}`)
})
afterEach(async () => {
  await role.drop()
  await database.drop()
})

async function rows(): Promise<unknown[]> {
  const { rows: found } = await database.query(`SELECT to_jsonb(n) AS row FROM notes n
    UNION ALL SELECT to_jsonb(m) FROM post_media m UNION ALL SELECT to_jsonb(m) FROM mediakeep.merged_media m`)
  return found
}

async function expectRefusal(error: Record<string, unknown>): Promise<void> {
  const before = await rows()
  await expect(reconcile(role, { readMediaUrl })).rejects.toMatchObject(error)
  expect(await rows()).toEqual(before)
}

test('a table whose rows the policies hide is refused by name, and no row of it is lost', async () => {
  await database.pg.query(`ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON notes USING (owner = current_user)`)
  await expectRefusal({
    code: 'reconcile_hidden_rows',
    tables: ['public.notes'],
    message: expect.stringContaining(`ALTER ROLE ${role.name} BYPASSRLS`) as string,
  })
})

test('a policy that covers post_media itself is refused too', async () => {
  await database.pg.query(`ALTER TABLE post_media ENABLE ROW LEVEL SECURITY;
    CREATE POLICY few ON post_media USING (media_id = 'med-b')`)
  await expectRefusal({ code: 'reconcile_hidden_rows', tables: ['public.post_media'] })
})

test('a role with BYPASSRLS repoints the rows that policies hide from others', async () => {
  await database.pg.query(`ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER ROLE ${role.name} BYPASSRLS`)
  expect(await reconcile(role, { readMediaUrl })).toMatchObject({ merged: 1 })
  const { rows: notes } = await database.query('SELECT note_id, media_id FROM notes ORDER BY 1')
  expect(notes).toEqual([
    { note_id: 1, media_id: 'med-a' },
    { note_id: 2, media_id: 'med-a' },
  ])
})

test('a reference by another unique column is refused, not cascaded away', async () => {
  await database.pg.query(`ALTER TABLE post_media ADD COLUMN external_id int UNIQUE;
    UPDATE post_media SET external_id = ascii(right(media_id, 1));
    CREATE TABLE public.queue (external_id int REFERENCES post_media (external_id) ON DELETE CASCADE);
    INSERT INTO queue SELECT external_id FROM post_media; GRANT ALL ON queue TO ${role.name}`)
  await expectRefusal({ code: 'reconcile_referenced_duplicates', table: 'public.queue' })
})

test('a row that would be a second one, and that others refer to, is refused, not cascaded away', async () => {
  await database.pg.query(`ALTER TABLE notes ADD COLUMN tag text DEFAULT 'cat', ADD UNIQUE (media_id, tag);
    CREATE TABLE public.votes (note_id int REFERENCES notes ON DELETE CASCADE); INSERT INTO votes VALUES (1), (2);
    GRANT ALL ON votes TO ${role.name}`)
  await expectRefusal({ code: 'reconcile_referenced_duplicates', table: 'public.votes' })
})
