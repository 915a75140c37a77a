import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ResponseParser } from './response-parser.ts'

interface Seen {
  heads: number[]
  body: string
  ends: number
  problem: string | undefined
  hasExtra: boolean
}

/** Parses the pieces, followed by the end of the connection. */
function parse(pieces: readonly Buffer[]): Seen {
  const seen: Seen = { heads: [], body: '', ends: 0, problem: undefined, hasExtra: false }
  const parser = new ResponseParser({
    head: ({ status }) => void seen.heads.push(status),
    body: (bytes) => void (seen.body += bytes.toString('latin1')),
    end: () => {
      seen.ends++
    },
  })
  try {
    for (const piece of pieces) parser.feed(piece)
    if (seen.ends === 0) parser.close()
  } catch (error) {
    seen.problem = (error as Error).message
  }
  return { ...seen, hasExtra: parser.hasExtra }
}

const line = fc.constantFrom(
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: 0',
  'Content-Length: 6',
  'Content-Length: x',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'Connection: close',
  'odd line',
  ' folded',
  '',
  'HTTP/1.1 200 OK',
)
const body = fc.constantFrom(
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5\nhello\n0\nx: y\n\n',
  'hello and more',
  '3\r\nhello',
)
const answer = fc
  .tuple(
    fc.constantFrom('', '\r\n', 'HTTP/1.1 103 Hints\r\n\r\n'),
    fc.constantFrom('HTTP/1.1 200 OK', 'HTTP/1.0 404', 'HTTP/1.1 204 No', 'ICY 200 OK', 'HTTP/1.1 2000'),
    fc.array(line, { maxLength: 4 }),
    fc.constantFrom('\r\n', '\n'),
    body,
  )
  .map(([before, status, lines, end, rest]) => `${before}${[status, ...lines].join(end)}${end}${end}${rest}`)

it('reads an answer alike in whatever pieces it comes, and ends once or says why not', () => {
  fc.assert(
    fc.property(answer, fc.array(fc.nat(200)), (text, cuts) => {
      const bytes = Buffer.from(text, 'latin1')
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index], place))
      const whole = parse([bytes])
      expect(parse(pieces)).toEqual(whole)
      expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole)
      expect(whole.ends === 1).toBe(whole.problem === undefined)
      expect(whole.heads.length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 3000 },
  )
})
