import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './graphql/schema.ts'

/** Path of the committed schema. */
export const SCHEMA_FILE = join(import.meta.dirname, '..', 'schema.graphql')

export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}

/** Writes the committed schema if it is out of date. */
async function writeSchema(): Promise<void> {
  const printed = printedSchema()
  if ((await readFile(SCHEMA_FILE, 'utf8').catch(() => '')) !== printed) await writeFile(SCHEMA_FILE, printed)
}

if (import.meta.main) await writeSchema()
