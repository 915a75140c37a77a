import { verifyExpected, verifyUrl, type Check } from '@mediakeep/schema-verify'
import type { Database } from '@mediakeep/sql'
import { expected } from './database.ts'

/**
 * Checks a database against everything our code expects of it: the schema, the migration history, the Prisma client,
 * and rules for rows. Read-only; never looks at anything we do not own.
 */
export async function verifyDatabase(database: string | Database): Promise<Check[]> {
  return typeof database === 'string' ? verifyUrl(database, expected()) : verifyExpected(database, expected())
}
