import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'

/** The posts cannot be read from the source that the client named. */
export class ImportSourceError extends Error {
  override readonly name = 'ImportSourceError'
  /** `no_import_folder`, `path_outside`, `file_not_found`, `upload_not_found`, `one_source` */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The sources `importPosts` may read: files below one folder, and files uploaded with the request. */
export interface ImportSources {
  /** @returns the absolute path of a file under the import folder @throws ImportSourceError */
  locate(path: string): Promise<string>
  /** Takes ownership of a file of this request, which is then not discarded with it. @throws ImportSourceError */
  keepUpload(token: string): string
}

/** Resolves symbolic links to their targets. @throws ImportSourceError */
export async function locateInFolder(folder: string | undefined, path: string): Promise<string> {
  if (folder === undefined)
    throw new ImportSourceError(
      'no_import_folder',
      'This server reads no files of its own: IMPORT_DIR is not set.',
    )
  const root = await real(folder)
  // Refuse a path that leads outside before touching the file system.
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
