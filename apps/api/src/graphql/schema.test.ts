import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { printedSchema, SCHEMA_FILE } from '../print-schema.ts'

test('the committed schema is that of the code: nx run api:schema writes it', async () => {
  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(printedSchema())
})
