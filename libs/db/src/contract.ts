import type { SchemaContract } from '@mediakeep/schema-verify'
import { schema } from './contract/schema.ts'
import { invariants } from './invariants.ts'

/** Everything that our code expects of the database: objects as the migrations create them, and rules for rows. */
export const contract: SchemaContract = { ...schema, invariants }
