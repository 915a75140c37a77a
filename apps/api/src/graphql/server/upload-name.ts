/** Stays below the 255 bytes that file systems allow for a name. */
const MOST_BYTES = 200

const ending = /\.[\p{L}\p{N}]{1,8}$/u

/**
 * Returns the file name for an upload, which its import shows: the client's name without folders, control characters
 * and anything else that does not belong in a name. `../../posts\n.json` → `posts.json`
 */
export function uploadName(claimed: string | undefined): string {
  const last = (claimed ?? '').split(/[\\/]/).at(-1)!
  const name = last
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u{2028}\u{2029}]/gu, '')
    .replace(/^[.\s]+/, '')
    .trim()
  if (name === '') return 'upload.json'
  if (Buffer.byteLength(name) <= MOST_BYTES) return name
  const end = ending.exec(name)?.[0] ?? ''
  return cut(name.slice(0, name.length - end.length), MOST_BYTES - Buffer.byteLength(end)) + end
}

/** Cuts a text to at most `bytes` bytes without splitting characters. */
function cut(text: string, bytes: number): string {
  let kept = ''
  let length = 0
  for (const char of text) {
    length += Buffer.byteLength(char)
    if (length > bytes) break
    kept += char
  }
  return kept
}
