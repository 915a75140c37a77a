import { type Archive, archiveKey } from '@mediakeep/content'
import type { StoredContent } from '@mediakeep/media'

/** Common prefix of the URLs of all objects in an archive. */
export function archivePrefix(archive: Archive): string {
  return archive.urlOf('media').slice(0, -'media'.length)
}

/**
 * Removes the object under a content's own key, or the remains of a killed upload; leaves another content's bytes
 * under that key alone.
 */
export async function removeOwnObject(archive: Archive, content: StoredContent): Promise<void> {
  const key = archiveKey(content)
  const object = await archive.head(key)
  const isOurs = object?.sha256 === undefined || object.sha256 === content.sha256
  if (isOurs) await archive.remove(key)
}
