/** True for NDJSON: the first line is a whole object, and more follows. */
export function hasLines(path: string, chunk: Buffer): boolean {
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
