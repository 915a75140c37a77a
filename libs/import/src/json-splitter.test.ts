import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonSplitter } from './json-splitter.ts'
import type { RawValue, SplitOptions } from './raw-value.ts'

/** Splits text that arrives in chunks of `size` bytes. */
function split(text: string | Buffer, size = 1 << 20, options: Partial<SplitOptions> = {}): RawValue[] {
  const splitter = new JsonSplitter({ wrapperKeys: ['posts', 'data'], ...options })
  const bytes = Buffer.from(text)
  const values: RawValue[] = []
  for (let at = 0; at < bytes.length; at += size) values.push(...splitter.push(bytes.subarray(at, at + size)))
  return [...values, ...splitter.end()]
}

const texts = (values: RawValue[]): string[] =>
  values.map(({ bytes, problem }) => (problem ? `${problem}!` : bytes.toString().trim()))

const sizes = [1, 2, 3, 7, 1000]

test.each([
  ['an array', '[{"a":1},{"b":[2]}]', ['{"a":1}', '{"b":[2]}']],
  ['one object', ' {"a":{"posts":[1]}}\n', ['{"a":{"posts":[1]}}']],
  ['a wrapper', '{"n":1,"posts":[{"a":1},{"b":2}],"more":[3],"x":{}}', ['{"a":1}', '{"b":2}']],
  ['a wrapper in a wrapper', '{"data":{"posts":[{"a":1}],"n":[1]},"ok":true}', ['{"a":1}']],
  ['a post with a key like a wrapper deeper down', '[{"posts":[{"a":1}]}]', ['{"posts":[{"a":1}]}']],
  ['a text like a wrapper key', '{"a":"posts","b":[{"c":1}]}', ['{"a":"posts","b":[{"c":1}]}']],
  ['objects one after the other', '{"a":1}{"b":2}\n{"c":3}', ['{"a":1}', '{"b":2}', '{"c":3}']],
  ['arrays one after the other', '[{"a":1}] [{"b":2}]', ['{"a":1}', '{"b":2}']],
  ['brackets and quotes in texts', '[{"a":"]}\\"{\\\\"},{"b":"["}]', ['{"a":"]}\\"{\\\\"}', '{"b":"["}']],
  ['what is no object', '[1, "a b", null , [2]] true "x y"', ['1', '"a b"', 'null', '[2]', 'true', '"x y"']],
  ['nothing', '  \n', []],
  ['an empty array', '[]', []],
])('%s', (_name, text, expected) => {
  for (const size of sizes) expect(texts(split(text, size)), `chunks of ${size}`).toEqual(expected)
})

describe('one broken value does not swallow the others', () => {
  test.each([
    ['a word that is none', '[{"a":tru},{"b":2}]', ['{"a":tru}', '{"b":2}']],
    ['a bracket that is not closed', '[{"a":[1},{"b":2}]', ['{"a":[1}', '{"b":2}']],
    ['a bracket too many', '[{"a":1}},{"b":2}]', ['{"a":1}', '}', '{"b":2}']],
    ['a quote too few', '[\n{"a":"x},\n{"b":2}\n]', ['{"a":"x},', '{"b":2}']],
    [
      'a quote too few, printed over lines',
      '[\n  {\n    "a": "x\n  },\n  {\n    "b": 2\n  }\n]',
      ['{\n    "a": "x\n  }', '{\n    "b": 2\n  }'],
    ],
    ['commas too many', '[,{"a":1},,{"b":2},]', ['{"a":1}', '{"b":2}']],
    ['a comma too few', '[{"a":1} {"b":2}]', ['{"a":1}', '{"b":2}']],
    ['the last without its bracket', '[{"a":1},{"b":2]', ['{"a":1}', '{"b":2']],
  ])('%s', (_name, text, expected) => {
    for (const size of sizes) expect(texts(split(text, size)), `chunks of ${size}`).toEqual(expected)
  })

  test('in NDJSON, whatever is broken ends with its line', () => {
    const lines = '{"a":1}\n{"b":[{"c":\n\n{"d":"x\n[{"e":1}\n{"f":2}'
    for (const size of sizes) {
      expect(texts(split(lines, size, { lines: true }))).toEqual([
        '{"a":1}',
        '{"b":[{"c":',
        '{"d":"x',
        '{"e":1}',
        '',
        '{"f":2}',
      ])
    }
  })
})

test('a file cut off anywhere gives the values before, and says where it ends', () => {
  const text = '{"posts":[{"a":1},{"b":"x"}]}'
  for (let length = 1; length < text.length; length++) {
    const values = split(text.slice(0, length), 4)
    const whole = values.filter(({ problem }) => !problem)
    expect(texts(whole)).toEqual(['{"a":1}', '{"b":"x"}'].slice(0, length >= 27 ? 2 : length >= 17 ? 1 : 0))
    expect(values.at(-1)).toMatchObject({ problem: 'truncated' })
  }
  expect(split('[{"a":1},{"b":').at(-1)).toMatchObject({ index: 1, offset: 9, problem: 'truncated' })
})

test('a value that is too large or too deep is reported, not kept, and the next is found', () => {
  const large = `[{"a":"${'x'.repeat(5000)}"},{"b":2}]`
  const deep = `[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}},{"b":2}]`
  const unclosed = `[\n{"a":${'['.repeat(100_000)}\n,{"b":2}]`
  for (const size of [64, 1000, 1 << 20]) {
    const [first, second] = split(large, size, { maxBytes: 1000 })
    expect(first).toMatchObject({ problem: 'too_large', offset: 1 })
    expect(first!.bytes.length).toBeLessThanOrEqual(256)
    expect(second!.bytes.toString()).toBe('{"b":2}')
    expect(texts(split(deep, size))).toEqual(['too_deep!', '{"b":2}'])
    expect(split(unclosed, size)[0]).toMatchObject({ problem: 'too_deep' })
  }
  const nested = (depth: number): string => `[${'['.repeat(depth)}${']'.repeat(depth)}]`
  expect(split(nested(100))[0]!.problem).toBeUndefined()
  expect(split(nested(101))[0]!.problem).toBe('too_deep')
})

const anyObject = fc.dictionary(fc.string(), fc.jsonValue())
const chunkSize = fc.integer({ min: 1, max: 40 })

test('any array of any objects, however printed and cut, is split as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.array(anyObject), chunkSize, fc.integer({ min: 0, max: 3 }), (objects, size, indent) => {
      const text = JSON.stringify(objects, null, indent)
      const values = split(text, size)
      expect(values.map(({ bytes }) => JSON.parse(bytes.toString()) as unknown)).toEqual(JSON.parse(text))
      for (const { offset, bytes } of values) {
        expect(Buffer.from(text).subarray(offset, offset + bytes.length)).toEqual(bytes)
      }
    }),
  )
})

test('any objects on lines, in either mode', () => {
  fc.assert(
    fc.property(fc.array(anyObject), chunkSize, fc.boolean(), (objects, size, lines) => {
      const text = objects.map((object) => JSON.stringify({ ...object, posts: 0, data: 0 })).join('\n')
      const values = split(text, size, { lines }).map(({ bytes }) => bytes.toString())
      expect(values.join('\n')).toBe(text)
    }),
  )
})

test('any bytes at all end without an exception, and in order', () => {
  const bytes = fc.oneof(
    fc.uint8Array(),
    fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '\\', '\n', ' ', '1', 'a') }),
  )
  fc.assert(
    fc.property(bytes, chunkSize, fc.boolean(), (any, size, lines) => {
      const found = split(Buffer.from(any as string), size, { lines, maxDepth: 5, maxBytes: 20 })
      const offsets = found.map(({ offset }) => offset)
      expect(found.map(({ index }) => index)).toEqual(found.map((_value, index) => index))
      expect(offsets).toEqual(offsets.toSorted((one, other) => one - other))
    }),
  )
})
