import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { printedSchema, SCHEMA_FILE } from '../print-schema.ts'
import { describe, placesOf } from './builder/describe.ts'
import { schema } from './schema.ts'

test('the committed schema is that of the code: nx run api:schema writes it', async () => {
  expect(await readFile(SCHEMA_FILE, 'utf8')).toBe(printedSchema())
})

test('everything in the schema is described', () => {
  const gaps = [...placesOf(schema)].filter(([, { description }]) => !description?.trim())
  expect(gaps.map(([name]) => name)).toEqual([])
})

test('a description of nothing, or of what is described already, is a mistake', () => {
  expect(() => describe(schema, { 'Media.nothing': 'Text.' })).toThrow('has no "Media.nothing"')
  expect(() => describe(schema, { 'Media.width': 'Text.' })).toThrow('described')
})
