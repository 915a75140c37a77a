import { stat } from 'node:fs/promises'
import { archivePrefix, ContentUnavailableError, openMedia, type OpenMediaDeps } from '@mediakeep/pipeline'
import type { FileSource } from './lane.ts'

/** Bytes from this machine's cache; missing files are first restored from the archive. */
export function cachedFiles(deps: OpenMediaDeps): FileSource {
  return {
    within: { cacheId: deps.cache.id, archivePrefix: archivePrefix(deps.archive) },
    async locate({ mediaId, sha256 }) {
      try {
        const media = await openMedia(deps, mediaId)
        if (media?.mediaType === undefined || media.sha256 !== sha256) return undefined
        const { mediaType, mimeType, byteSize } = media
        return { sha256, mediaType, mimeType, byteSize, path: await media.locate() }
      } catch (error) {
        if (error instanceof ContentUnavailableError) return undefined
        throw error
      }
    },
    async isThere({ path, byteSize }) {
      const found = await stat(path).catch(() => undefined)
      return found?.size === byteSize
    },
  }
}
