import { placeOf, type JsonObject, type SourceFormat } from '@mediakeep/plugin-api'
import { JsonSplitter } from './json-splitter.ts'
import { parsePost } from './parse-post.ts'
import type { RawValue } from './raw-value.ts'

/** A file that contains no JSON at all. One error for the file, not one for each of its bytes. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError'
  readonly code = 'not_json'
}

const SNIFFED_BYTES = 1024

/** @throws NotJsonError when a file's first bytes, as UTF-8, cannot begin JSON */
export function assertJson(path: string, head: Buffer): void {
  const text = head.subarray(0, SNIFFED_BYTES).toString('latin1').trimStart()
  // JSON escapes control characters other than white space. One may be damage, many are binary data.
  // eslint-disable-next-line no-control-regex
  const controls = text.match(/[\0-\x08\x0b\x0c\x0e-\x1f]/g)?.length ?? 0
  if (/^[[{]/.test(text) && controls * 20 <= text.length) return
  if (text === '') return
  throw new NotJsonError(`${path} is not JSON: it begins with neither [ nor {, or holds binary data`)
}

/** Values examined to find out how the posts are wrapped: the first may be damaged. */
const SAMPLE = 20
/** Read limit for each format. A post is at most 16 MiB, and other data may precede it. */
const MAX_BYTES = 20 * 1024 * 1024

/**
 * Finds the keys under which a file keeps its posts. Only the keys of the format whose posts are found there apply:
 * in another format's posts, such a key may be an ordinary field. Unwrapped posts need no keys.
 *
 * @param chunks from the beginning of the file; read only as far as needed
 * @returns the keys of all formats if none recognises a post: the rejections then name each item
 */
export async function findWrapperKeys(
  chunks: () => AsyncIterable<Buffer>,
  lines: boolean,
  formats: readonly SourceFormat[],
): Promise<readonly string[]> {
  const wrapped = formats.map((format) => ({ keys: format.wrapperKeys ?? [], formats: [format] }))
  for (const { keys, formats: fitting } of [{ keys: [], formats }, ...wrapped]) {
    if (await holdsPosts(chunks(), { wrapperKeys: keys, lines }, fitting)) return keys
  }
  return formats.flatMap((format) => format.wrapperKeys ?? [])
}

async function holdsPosts(
  chunks: AsyncIterable<Buffer>,
  options: { readonly wrapperKeys: readonly string[]; readonly lines: boolean },
  formats: readonly SourceFormat[],
): Promise<boolean> {
  const splitter = new JsonSplitter(options)
  let [seen, bytes] = [0, 0]
  const fits = (values: readonly RawValue[]): boolean => {
    seen += values.length
    return values.some((value) => isPost(value, formats))
  }
  for await (const chunk of chunks) {
    if (fits(splitter.push(chunk))) return true
    bytes += chunk.length
    if (seen >= SAMPLE || bytes > MAX_BYTES) return false
  }
  return fits(splitter.end())
}

function isPost(value: RawValue, formats: readonly SourceFormat[]): boolean {
  let post: JsonObject
  try {
    post = parsePost(value)
  } catch {
    return false
  }
  return formats.some((format) => recognises(format, post))
}

function recognises(format: SourceFormat, post: JsonObject): boolean {
  try {
    return format.recognises(post, placeOf())
  } catch {
    return false
  }
}
