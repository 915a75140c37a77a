import { createReadStream } from 'node:fs'
import { JsonSplitter } from './json-splitter.ts'
import type { RawValue } from './raw-value.ts'
import { utf8Stream } from './utf8-stream.ts'

const CHUNK_BYTES = 64 * 1024

/**
 * The values of a posts file, a chunk's worth at a time, in its order: an array, a wrapper, one object, many, or
 * NDJSON. Memory does not grow with the file.
 *
 * @throws the file system's error when the file cannot be read
 */
export async function* readValues(
  path: string,
  wrapperKeys: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<RawValue[], void, undefined> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES, ...(signal && { signal }) })
  let splitter: JsonSplitter | undefined
  for await (const chunk of utf8Stream(stream as AsyncIterable<Buffer>)) {
    splitter ??= new JsonSplitter({ wrapperKeys, lines: hasLines(path, chunk) })
    yield splitter.push(chunk)
  }
  if (splitter) yield splitter.end()
}

/** NDJSON: the first line is a whole object, and more follows. */
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
