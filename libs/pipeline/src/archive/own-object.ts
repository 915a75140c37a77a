import { type Archive, archiveKey } from '@mediakeep/content'
import type { StoredContent } from '@mediakeep/media'

/** What the URLs of all objects of an archive begin with. */
export function archivePrefix(archive: Archive): string {
  return archive.urlOf('media').slice(0, -'media'.length)
}

/**
 * Removes the object under our own key of a content, or what a killed upload left of it; another's bytes under that
 * key are left.
 */
export async function removeOwnObject(archive: Archive, content: StoredContent): Promise<void> {
  const key = archiveKey(content)
  const object = await archive.head(key)
  const isOurs = object?.sha256 === undefined || object.sha256 === content.sha256
  if (isOurs) await archive.remove(key)
}
