import { expectTypeOf, test } from 'vitest'
import type { Database, Sql } from './sql.ts'

// Checked by the compiler, not at run time.

test('a database can be handed to whoever asks for SQL alone', () => {
  expectTypeOf<Database>().toExtend<Sql>()
})

test('inside a transaction there is no second one to begin', () => {
  type Inside = Parameters<Parameters<Database['transaction']>[0]>[0]
  expectTypeOf<Inside>().toEqualTypeOf<Sql>()
})
