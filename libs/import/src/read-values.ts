import { createReadStream } from 'node:fs'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { JsonSplitter } from './json-splitter.ts'
import type { RawValue } from './raw-value.ts'
import { assertJson, findWrapperKeys } from './sniff-posts.ts'
import { utf8Stream } from './utf8-stream.ts'

const CHUNK_BYTES = 64 * 1024

/**
 * Yields the values of a posts file in order, one chunk's worth at a time: an array, a wrapper, one or more objects,
 * or NDJSON. Memory does not grow with the file.
 *
 * @throws NotJsonError, or the file system's error when the file cannot be read
 */
export async function* readValues(
  path: string,
  formats: readonly SourceFormat[],
  signal?: AbortSignal,
): AsyncGenerator<RawValue[], void, undefined> {
  const chunks = (): AsyncIterable<Buffer> =>
    utf8Stream(createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) }))
  let splitter: JsonSplitter | undefined
  for await (const chunk of chunks()) {
    if (!splitter) {
      assertJson(path, chunk)
      const lines = hasLines(path, chunk)
      splitter = new JsonSplitter({ wrapperKeys: await findWrapperKeys(chunks, lines, formats), lines })
    }
    yield splitter.push(chunk)
  }
  if (splitter) yield splitter.end()
}

/** True for NDJSON: the first line is a whole object, and more follows. */
function hasLines(path: string, chunk: Buffer): boolean {
  const text = chunk.toString().trimStart()
  if (!text.startsWith('{')) return false
  const end = text.indexOf('\n')
  const first = text.slice(0, end < 0 ? text.length : end).trim()
  if (/\.(?:ndjson|jsonl)$/i.test(path) && first !== '{') return true
  return end >= 0 && text.slice(end).trimStart().startsWith('{') && isJson(first)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
