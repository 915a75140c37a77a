import { createReadStream } from 'node:fs'
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { openContainer } from '@mediakeep/containers'
import type { RegisteredExport } from '@mediakeep/media'

/**
 * Compares an export with what it was when it was imported, without reading its bytes: a file by its size and time. Of a
 * folder, only that it is there: its files are looked up one by one.
 *
 * @returns why it cannot be read, with the remedy; undefined if it can
 */
export async function troubleOf(registered: RegisteredExport): Promise<string | undefined> {
  const { path, kind, byteSize, modifiedAt } = registered
  try {
    const stats = await stat(path)
    if (kind === 'folder') return stats.isDirectory() ? undefined : changed(path, 'it is no folder now')
    if (stats.isDirectory()) return changed(path, 'it is a folder now')
    if (stats.size !== byteSize) return changed(path, `it had ${byteSize} bytes, and has ${stats.size} now`)
    if (Math.floor(stats.mtimeMs) !== modifiedAt) return changed(path, 'it was written since')
    return undefined
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return `export_unreadable: ${message}`
    return `export_missing: ${path} is not there; put it back, or import the export again`
  }
}

function changed(path: string, how: string): string {
  return `export_changed: ${path} is not what was imported: ${how}; put it back, or import it again`
}

/** True if it has the bytes that were imported, or for a folder, files with the same names, sizes and times. */
export async function isSameExport({ path, kind, byteSize, sha256 }: RegisteredExport): Promise<boolean> {
  try {
    if (kind === 'folder') {
      const folder = await openContainer(path)
      try {
        return folder.kind === 'folder' && (await folder.digest()) === sha256
      } finally {
        await folder.close()
      }
    }
    const stats = await stat(path)
    return stats.isFile() && stats.size === byteSize && (await digestOf(path)) === sha256
  } catch {
    return false
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash)
  return hash.digest('hex')
}

/** When the export was last written, in Unix milliseconds; 0 for a folder. */
export async function timeOf({ path, kind }: RegisteredExport): Promise<number> {
  return kind === 'folder' ? 0 : Math.floor((await stat(path)).mtimeMs)
}
