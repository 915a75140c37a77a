import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { MAX_COST, operationCost } from './cost.ts'
import { schema } from '../schema.ts'

const costOf = (text: string, variableValues: Record<string, unknown> = {}): number =>
  operationCost({ schema, document: parse(text), variableValues })

test.each([
  ['a page of what was asked for', '{ mediaItems(first: 20) { nodes { id } } }', 20],
  ['fifty when nothing was', '{ mediaItems { edges { node { id } } } }', 50],
  ['backwards', '{ mediaItems(last: 7) { nodes { id } } }', 7],
  ['pages within pages', '{ posts(first: 10) { nodes { media(first: 5) { nodes { id } } } } }', 10 * (1 + 5)],
  ['objects of objects', '{ mediaItems(first: 10) { nodes { post { id } } } }', 10 * 2],
  ['never more than a page may hold', '{ mediaItems(first: 1000000) { nodes { id } } }', 100],
  ['nothing for less than none', '{ mediaItems(first: -5) { nodes { id } } }', 0],
  [
    'by many names',
    '{ a: mediaItems(first: 9) { nodes { id } } b: mediaItems(first: 9) { nodes { id } } }',
    18,
  ],
  [
    'fragments wherever they are spread',
    '{ a: mediaItems(first: 9) { ...P } b: mediaItems(first: 9) { ...P } } fragment P on QueryMediaItemsConnection { nodes { post { id } } }',
    36,
  ],
  ['an object', '{ mediaItem(id: "med-1") { id } }', 1],
  ['as many as the limit says', '{ failureReasons(limit: 7) { stage } }', 7],
  ['as many as a field returns unless told otherwise', '{ failureReasons { stage } }', 20],
  ['one for a limit below one', '{ failureReasons(limit: -2000000) { stage } }', 1],
  ['as many as ids are given', '{ nodes(ids: ["a", "b", "c"]) { id } }', 3],
])('an operation costs %s', (_what, text, cost) => {
  expect(costOf(text.replaceAll('QueryMediaItemsConnection', 'MediaConnection'))).toBe(cost)
})

test('the values of variables count', () => {
  const text =
    'query ($n: Int, $ids: [ID!]!) { mediaItems(first: $n) { nodes { id } } nodes(ids: $ids) { id } }'
  expect(costOf(text, { n: 30, ids: ['a', 'b'] })).toBe(32)
  expect(costOf(text, { ids: [] })).toBe(50)
})

test("a variable that is not given is its default, and an argument without a value its field's", () => {
  const text = `query ($n: Int = 100, $limit: Int = 5, $other: Int) {
    posts(first: $n) { nodes { id } } failureReasons(limit: $limit) { stage }
    more: failureReasons(limit: $other) { stage } }`
  expect(costOf(text)).toBe(100 + 5 + 20)
  expect(costOf(text, { n: 2, limit: 3, other: 4 })).toBe(2 + 3 + 4)
})

test.each(['@skip(if: true)', '@include(if: false)', ''])('no field %s pays for others', (directive) => {
  const deep =
    'posts(first: 100) { nodes { media(first: 100) { nodes { duplicates(first: 100) { nodes { id } } } } } }'
  const alone = costOf(`{ ${deep} }`)
  expect(alone).toBeGreaterThan(MAX_COST)
  const text = `query ($less: Int) { failureReasons(limit: $less) ${directive} { stage } ${deep} }`
  expect(costOf(text, { less: -2_000_000 })).toBeGreaterThanOrEqual(alone)
  expect(costOf(text.replace('$less)', '-2000000)').replace('($less: Int)', ''))).toBeGreaterThanOrEqual(
    alone,
  )
})

test('what a mutation returns is as long as the ids it was given', () => {
  const text = `mutation ($ids: [ID!]!) { downloadMedia(input: { mediaIds: $ids }) {
    ... on MediaPayload { media { duplicates(first: 100) { nodes { id } } } } } }`
  expect(costOf(text, { ids: Array.from({ length: 100 }, String) })).toBe(1 + 100 * (1 + 100))
})

test('fragments that double one another are estimated at once', () => {
  const fragments = Array.from(
    { length: 60 },
    (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
  )
  const text = `{ ...F0 } ${fragments.join(' ')} fragment F60 on Query { mediaItems(first: 1) { nodes { id } } }`
  expect(costOf(text)).toBe(2 ** 60)
  expect(costOf(text)).toBeGreaterThan(MAX_COST)
})
