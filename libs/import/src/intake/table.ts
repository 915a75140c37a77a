import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { ContainerError } from '@mediakeep/containers'
import type { FileRule } from '@mediakeep/plugin-api'
import { rawValueOf, type RawValue } from '../raw-value.ts'

const MAX_RECORD = 16 * 1024 * 1024

/** The rows of a comma- or tab-separated table, as objects by the names in its header. */
export async function* tableRows(
  chunks: AsyncIterable<Buffer>,
  path: string,
): AsyncGenerator<RawValue[], void, undefined> {
  const parser = parse({
    columns: true,
    bom: true,
    delimiter: /\.tsv$/i.test(path) ? '\t' : [',', ';', '\t'],
    // Exports quote carelessly; a row with too few or too many columns is still a row.
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
  })
  const source = Readable.from(chunks, { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  let index = 0
  for await (const row of parser) yield [rawValueOf(row as object, index++)]
}

/** The entries of a text; each begins at a line that the rule accepts, and has the lines that follow. */
export async function* textEntries(
  chunks: AsyncIterable<Buffer>,
  startsItem: NonNullable<FileRule['startsItem']> = () => true,
): AsyncGenerator<RawValue[], void, undefined> {
  let lines: string[] = []
  let [number, first, index] = [0, 0, 0]
  const entry = (): RawValue[] =>
    lines.length === 0 ? [] : [rawValueOf({ text: lines.join('\n'), line: first }, index++)]
  for await (const line of linesOf(chunks)) {
    number++
    if (lines.length === 0 || startsItem(line)) {
      yield entry()
      lines = []
      first = number
    }
    lines.push(line)
  }
  yield entry()
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/)
    rest = lines.pop()!
    if (rest.length > MAX_RECORD) throw new ContainerError('unsupported', 'a line is longer than 16 MiB')
    yield* lines
  }
  const last = rest + decoder.decode()
  if (last !== '') yield last
}
