import type { Archive } from '@mediakeep/content'
import type { StoredContent } from '@mediakeep/media'

/**
 * Checks the object at a content's `archive_url`.
 *
 * @returns `none` when it has no such URL, or one in another archive
 */
export async function checkObject(
  archive: Archive,
  content: StoredContent,
  depth: 'head' | 'deep',
  signal?: AbortSignal,
): Promise<'ok' | 'missing' | 'corrupt' | 'none'> {
  const key = content.archiveUrl === undefined ? undefined : archive.keyOf(content.archiveUrl)
  if (key === undefined) return 'none'
  const check = await archive.verify(key, content, depth, signal)
  // An object of the older tool: every byte was read before its URL was recorded in `contents`.
  return check === 'unproven' ? 'ok' : check
}
