import type { JsonObject, SourceFormat } from '@mediakeep/plugin-api'
import { JsonSplitter } from './json-splitter.ts'
import { parsePost } from './parse-post.ts'
import type { RawValue } from './raw-value.ts'

/** A file that holds no JSON at all, whatever its name. One error for the file, not one for each of its bytes. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError'
  readonly code = 'not_json'
}

const SNIFFED_BYTES = 1024

/** @throws NotJsonError when the first bytes of a file, as UTF-8, are no beginning of JSON */
export function assertJson(path: string, head: Buffer): void {
  const text = head.subarray(0, SNIFFED_BYTES).toString('latin1').trimStart()
  // Within JSON, control characters other than white space are escaped. One may be damage, many are binary data.
  // eslint-disable-next-line no-control-regex
  const controls = text.match(/[\0-\x08\x0b\x0c\x0e-\x1f]/g)?.length ?? 0
  if (/^[[{]/.test(text) && controls * 20 <= text.length) return
  if (text === '') return
  throw new NotJsonError(`${path} is not JSON: it begins with neither [ nor {, or holds binary data`)
}

/** Values looked at to tell how the posts are wrapped: the first may be damaged. */
const SAMPLE = 20
/** Read for each format at most. A post is at most 16 MiB, and there may be something before it. */
const MAX_BYTES = 20 * 1024 * 1024

/**
 * The keys under which a file keeps its posts. They belong to the format whose posts are found there: the key of one
 * format may be an ordinary field in the posts of another. Posts that are not wrapped need no keys.
 *
 * @param chunks from the beginning of the file; read only as far as needed
 * @returns the keys of all formats where no format recognises a post: the rejections then name each item
 */
export async function findWrapperKeys(
  chunks: () => AsyncIterable<Buffer>,
  lines: boolean,
  formats: readonly SourceFormat[],
): Promise<readonly string[]> {
  const wrapped = formats.map((format) => ({ keys: format.wrapperKeys, formats: [format] }))
  for (const { keys, formats: fitting } of [{ keys: [], formats }, ...wrapped]) {
    if (await holdsPosts(chunks(), { wrapperKeys: keys, lines }, fitting)) return keys
  }
  return formats.flatMap((format) => format.wrapperKeys)
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
    return format.recognises(post)
  } catch {
    return false
  }
}
