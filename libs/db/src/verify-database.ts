import { verifyBelief, verifyUrl, type Check } from '@mediakeep/schema-verify'
import type { Database } from '@mediakeep/sql'
import { belief } from './database.ts'

/**
 * Holds a database against all that our code believes of it: the schema, the migration history, the Prisma client,
 * and rules for rows. Reads only; what we do not own is never looked at.
 */
export async function verifyDatabase(database: string | Database): Promise<Check[]> {
  return typeof database === 'string' ? verifyUrl(database, belief()) : verifyBelief(database, belief())
}
