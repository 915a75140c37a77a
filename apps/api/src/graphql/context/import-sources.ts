import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'

/** The posts cannot be read from where the client said. */
export class ImportSourceError extends Error {
  override readonly name = 'ImportSourceError'
  /** `no_import_folder`, `path_outside`, `file_not_found`, `upload_not_found`, `one_source` */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Where `importPosts` may read from: files under one folder, and files that came with the request. */
export interface ImportSources {
  /** @returns the absolute path of a file under the import folder @throws ImportSourceError */
  locate(path: string): Promise<string>
  /** Takes over a file of this request, which is no longer discarded with it. @throws ImportSourceError */
  keepUpload(token: string): string
}

/** Symbolic links count as where they lead. @throws ImportSourceError */
export async function locateInFolder(folder: string | undefined, path: string): Promise<string> {
  if (folder === undefined)
    throw new ImportSourceError(
      'no_import_folder',
      'This server reads no files of its own: IMPORT_DIR is not set.',
    )
  const root = await real(folder)
  // A path that leads outside is refused before the file system is asked about it.
  const wanted = root === undefined || path.includes('\0') ? undefined : resolve(root, path)
  if (root === undefined || wanted === undefined || !isBelow(root, wanted)) throw outside(path)
  const found = await real(wanted)
  if (found === undefined || !(await stat(found)).isFile())
    throw new ImportSourceError('file_not_found', `There is no file "${path}" in the import folder.`)
  if (!isBelow(root, found)) throw outside(path)
  return found
}

function isBelow(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep)
}

function outside(path: string): ImportSourceError {
  return new ImportSourceError('path_outside', `"${path}" is not in the import folder.`)
}

async function real(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined)
}
