import type { Archive } from '@mediakeep/content'
import type { StoredContent } from '@mediakeep/media'

/**
 * Looks at the object that a content's `archive_url` names.
 *
 * @returns `none` when it has no such URL, or one of another archive
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
  // An object of the older tool: every byte was read before its URL came into `contents`.
  return check === 'unproven' ? 'ok' : check
}
