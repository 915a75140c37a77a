import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePrismaSchema } from '@mediakeep/schema-verify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeMigration } from './migration-files.ts'
import { draftFromPrisma } from './prisma-draft.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  await writeFile(join(folder, '20991231235959_things.sql'), 'SELECT 1')
})
afterEach(() => rm(folder, { recursive: true }))

test('a migration is named by what it does, after the newest there is', async () => {
  const { name, sql, test: text } = await writeMigration(folder, { name: ' Add colour! ' })
  expect(name).toBe('20991231235960_add_colour')
  expect([...sql.keys()]).toEqual([`${name}.sql`, `${name}.down.sql`])
  expect(text).toContain(`rehearseMigration(database, '${name}'`)
})

test('a title that is taken, or says nothing, is refused', async () => {
  await expect(writeMigration(folder, { name: 'things' })).rejects.toThrow('already')
  await expect(writeMigration(folder, { name: '?!' })).rejects.toThrow('no letters or digits')
})

test('a concurrent one runs without a transaction, both ways', async () => {
  const { sql } = await writeMigration(folder, { name: 'index', concurrent: true })
  for (const text of sql.values()) expect(text).toMatch(/^-- no-transaction\n/)
})

const PRISMA = `
model Shop {
  id      String   @id @db.Uuid
  name    String   @unique // a comment
  made    DateTime @default(now()) @map("made_at") @db.Timestamptz(6)
  options Json     @default("{}")
  tags    String[]
  order   Int?
  things  Thing[]
  @@map("shops")
  @@schema("trade")
}
model Thing {
  id     BigInt @id @default(autoincrement())
  shop   Shop   @relation(fields: [shopId], references: [id])
  shopId String @map("shop_id")
  colour String
  @@map("things")
}
`

test('a draft has what the Prisma schema has and the contract has not, and the way back', () => {
  const columns = { id: 'bigint not null', shop_id: 'text', theirs: 'text' }
  const draft = draftFromPrisma(parsePrismaSchema(PRISMA), { tables: [{ table: 'public.things', columns }] })
  expect(draft.up.join('\n')).toBe(`CREATE TABLE trade.shops (
  id uuid NOT NULL,
  name text NOT NULL,
  made_at timestamptz(6) NOT NULL DEFAULT now(),
  options jsonb NOT NULL DEFAULT '{}',
  tags text[],
  "order" integer,
  PRIMARY KEY (id),
  UNIQUE (name)
);
ALTER TABLE public.things ALTER COLUMN shop_id SET NOT NULL;
ALTER TABLE public.things ADD COLUMN colour text NOT NULL;`)
  expect(draft.down).toEqual([
    'ALTER TABLE public.things DROP COLUMN colour;',
    'ALTER TABLE public.things ALTER COLUMN shop_id DROP NOT NULL;',
    'DROP TABLE trade.shops;',
  ])
})
