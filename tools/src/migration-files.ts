import { readMigrations } from '@mediakeep/migrations'
import type { Draft } from './prisma-draft.ts'

export interface MigrationTemplate {
  /** The migration's purpose: `add_media_language`, or the same in words. */
  readonly name: string
  readonly concurrent?: boolean
  readonly draft?: Draft
}

export interface MigrationFiles {
  /** `20261124093000_add_media_language` */
  readonly name: string
  /** The SQL pair, as file name to text. */
  readonly sql: ReadonlyMap<string, string>
  readonly test: string
}

/** Returns a new migration's files: the SQL pair, and a test that applies and reverts it with data in place. */
export async function writeMigration(folder: string, template: MigrationTemplate): Promise<MigrationFiles> {
  const title = template.name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_|_$/g, '')
  if (!title) throw new Error(`"${template.name}" contains no letters or digits for a file name`)
  const migrations = await readMigrations(folder)
  if (migrations.some((migration) => migration.title === title)) {
    throw new Error(
      `There is a migration ${title} already: one title under two versions counts as one migration`,
    )
  }
  const name = `${nextVersion(migrations.at(-1)?.version)}_${title}`
  return {
    name,
    sql: new Map([
      [`${name}.sql`, up(template)],
      [`${name}.down.sql`, down(template)],
    ]),
    test: testOf(name),
  }
}

/** The current time in UTC, or the version after the newest one if that is in the future. */
function nextVersion(newest = ''): string {
  const now = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)
  return now > newest ? now : String(BigInt(newest) + 1n)
}

const NO_TRANSACTION = '-- no-transaction\n'

function up({ concurrent, draft }: MigrationTemplate): string {
  if (draft)
    return `${concurrent ? NO_TRANSACTION : ''}-- Drafted from the Prisma schema: say why, and read it.\n\n${draft.up.join('\n')}\n`
  return concurrent
    ? `${NO_TRANSACTION}-- Why. Each statement runs by itself and must bear being run again.\n\n` +
        '-- CREATE INDEX CONCURRENTLY IF NOT EXISTS name ON schema.table (column);\n'
    : '-- Why. The file is one transaction: what locks a table for long goes into a file of its own.\n\n'
}

function down({ concurrent, draft }: MigrationTemplate): string {
  const head = concurrent ? NO_TRANSACTION : ''
  if (draft) return `${head}${draft.down.join('\n')}\n`
  return `${head}-- Brings the catalogue back, byte for byte.\n`
}

function testOf(name: string): string {
  return `import { rehearseMigration } from '@mediakeep/tools'
import { expect, test } from 'vitest'
import { database } from '../database.ts'

test('${name} applies, reverts to the same catalogue and applies again, with data in place', async () => {
  const { before, applied, reverted, again, differences } = await rehearseMigration(database, '${name}', {
    // Rows that stand there before it.
    rows: '',
    // Assert here what must be true of them afterwards.
    check: async (query) => {
      expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    },
  })
  expect(applied).not.toBe(before)
  expect(reverted).toBe(before)
  expect(again).toBe(applied)
  expect(differences).toEqual([])
}, 120_000)
`
}
