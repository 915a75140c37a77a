import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pointerSteps, PointerSplitter, type FoundValue } from './pointer-splitter.ts'

const split = (
  text: string,
  pointers: readonly string[],
  size: number,
  kind: 'items' | 'value' = 'items',
) => {
  const splitter = new PointerSplitter(pointers.map((pointer) => ({ steps: pointerSteps(pointer), kind })))
  const bytes = Buffer.from(text)
  const found: FoundValue[] = []
  for (let at = 0; at < bytes.length; at += size) found.push(...splitter.push(bytes.subarray(at, at + size)))
  return [...found, ...splitter.end()]
}
const texts = (found: readonly FoundValue[]): string[] => found.map(({ bytes }) => bytes.toString())
const SIZES = [1, 2, 7, 1000]

test.each(SIZES)('items of an array below a key, in chunks of %d', (size) => {
  const text = '{"n":{"posts":[9]},"a~/":{"posts" : [ {"x":"]}\\"[,"}, 7 ,{"y":[{}]}],"z":1},"posts":[0]}'
  expect(texts(split(text, ['/a~0~1/posts'], size))).toEqual(['{"x":"]}\\"[,"}', '7', '{"y":[{}]}'])
})

test.each(SIZES)('items at every member, with the fields around them, in chunks of %d', (size) => {
  const text =
    '{"chats":{"about":"x","list":[{"name":"A","id":1,"big":[1,2],"messages":[{"m":1},{"m":2}]},{"name":"B","messages":[{"m":3}]}]}}'
  const found = split(text, ['/chats/list/*/messages'], size)
  expect(texts(found)).toEqual(['{"m":1}', '{"m":2}', '{"m":3}'])
  expect(found.map(({ around }) => around)).toEqual([
    [{ name: 'A', id: 1, big: [1, 2] }],
    [{ name: 'A', id: 1, big: [1, 2] }],
    [{ name: 'B' }],
  ])
})

test('members of an object, several patterns, one object instead of an array, several documents', () => {
  const text =
    '{"data":{"a":{"posts":[{"p":1}]},"b":{"posts":{"p":2}}},"likes":[{"l":1}]} {"likes":[{"l":2}]}'
  const found = split(text, ['/data/*/posts', '/likes'], 3)
  expect(texts(found)).toEqual(['{"p":1}', '{"p":2}', '{"l":1}', '{"l":2}'])
  expect(found.map(({ pattern }) => pattern)).toEqual([0, 0, 1, 1])
})

test('values are found of any type', () => {
  const text = '{"name":"Ada","includes":{"media":[1,2]},"n":-1.5e3 ,"data":[{}]}'
  expect(texts(split(text, ['/includes', '/name', '/n'], 2, 'value'))).toEqual([
    '"Ada"',
    '{"media":[1,2]}',
    '-1.5e3',
  ])
})

test('a file that ends too early is found out', () => {
  expect(split('{"a":[{"x":1},{"y', ['/a'], 5).map(({ problem }) => problem)).toEqual([
    undefined,
    'truncated',
  ])
  expect(split('{"a":[{"x":1},', ['/a'], 5).map(({ problem }) => problem)).toEqual([undefined, 'truncated'])
})

test('values that are too deep or too large are named, and the next one is read', () => {
  const deep = `${'['.repeat(200)}${']'.repeat(200)}`
  const large = JSON.stringify('x'.repeat(17 * 1024 * 1024))
  const found = split(`{"a":[${deep},${large},{"x":1}]}`, ['/a'], 65_536)
  expect(found.map(({ problem }) => problem)).toEqual(['too_deep', 'too_large', undefined])
  expect(found[1]!.bytes.length).toBeLessThan(1000)
})

test('finds what a parser finds, in any JSON and any chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.jsonValue(),
      fc.integer({ min: 1, max: 20 }),
      (items, other, size) => {
        const text = JSON.stringify({ other, 'x"y': { items } }, null, size % 3)
        const found = split(text, ['/x"y/items'], size)
        expect(found.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(
          JSON.parse(JSON.stringify(items)),
        )
      },
    ),
  )
})
