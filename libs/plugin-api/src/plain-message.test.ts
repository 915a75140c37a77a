import { expect, test } from 'vitest'
import { z } from 'zod'
import { plainMessage } from './plain-message.ts'

const said = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value, { error: plainMessage }).error?.issues.map(({ message }) => message) ?? []

test.each([
  [z.array(z.string()).min(1), [], 'must not be empty'],
  [z.array(z.string()).min(2), ['a'], 'must have at least 2 entries'],
  [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
  [z.string().max(1000), 'x'.repeat(1001), 'must have at most 1,000 characters'],
  [z.string().min(16), 'short', 'must have at least 16 characters'],
  [z.number().min(1), 0, 'must be at least 1'],
  [z.number().gt(1), 1, 'must be more than 1'],
  [z.number().max(720), 721, 'must be at most 720'],
  [z.number().lt(720), 720, 'must be less than 720'],
  [z.number().int(), 1.5, 'must be a whole number'],
  [z.coerce.number(), 'ten', 'must be a number'],
  [z.string(), undefined, 'is missing'],
  [z.string(), 3, 'must be text'],
  [z.array(z.string()), 'a', 'must be a list'],
  [z.object({}), 'a', 'must be an object'],
  [z.enum(['AES256', 'aws:kms']), 'x', 'must be AES256, or aws:kms'],
  [z.number().multipleOf(5), 3, 'must be a multiple of 5'],
  [z.strictObject({}), { a: 1 }, 'has unknown keys: a'],
  [z.union([z.string(), z.number()]), true, 'has a value that is not allowed'],
])('a value that %o refuses: %j → %s', (schema, value, message) => {
  expect(said(schema, value)).toEqual([message])
})

test("a schema's own message wins", () => {
  expect(said(z.string().max(1, 'One letter.'), 'ab')).toEqual(['One letter.'])
})
