import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ThumbnailStore } from './thumbnails.ts'

/** Thumbnails in a folder: `ab/ab…-320.webp`. Keys are made of digests and widths alone. */
export function thumbnailFolder(folder: string): ThumbnailStore {
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key)
  return {
    get: (key) => readFile(pathOf(key)).catch(() => undefined),
    async put(key, bytes) {
      const path = pathOf(key)
      const temporary = join(folder, `.${randomUUID()}`)
      await mkdir(dirname(path), { recursive: true })
      try {
        await writeFile(temporary, bytes)
        await rename(temporary, path)
      } catch {
        // A full disk costs the next reader the making, no more.
        await rm(temporary, { force: true }).catch(() => {})
      }
    },
  }
}
