import type { SchemaContract } from '@mediakeep/schema-verify'
import { schema } from './contract/schema.ts'
import { invariants } from './invariants.ts'

/** All that our code believes of the database: objects as the migrations make them, and rules for rows. */
export const contract: SchemaContract = { ...schema, invariants }
