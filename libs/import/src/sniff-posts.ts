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
