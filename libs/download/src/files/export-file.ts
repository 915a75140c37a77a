import { ContainerError, type Container } from '@mediakeep/containers'
import { InvalidMediaUrlError, readMediaUrl } from '@mediakeep/media-url'
import type { RegisteredExport } from '@mediakeep/media'
import { troubleOf } from './find-trouble.ts'

/** A file of an export, as the source of a row's bytes. */
export interface ExportFile {
  /** Undefined when no export that can be read has it. */
  readonly exportId: string | undefined
  /** Path within the export. */
  readonly path: string
  /** Host of the row's URL; undefined when the file is the row's only source. */
  readonly urlHost: string | undefined
  /** Fails with a FileError, or the signal's reason. */
  read(signal: AbortSignal): AsyncIterable<Buffer>
}

/**
 * `member`: the file will never give bytes. `reading`: reading failed, and may succeed later. `export`: the export has
 * changed or is away, which says nothing about its files. `absent`: no export holds the file.
 */
export type FileErrorKind = 'member' | 'reading' | 'export' | 'absent'

/** The bytes of a file of an export cannot be had. The message begins with a code. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly kind: FileErrorKind
  /** Code of a refused member, such as `bomb`. */
  readonly code: string | undefined

  constructor(kind: FileErrorKind, message: string, code?: string) {
    super(message)
    this.kind = kind
    this.code = code
  }
}

export interface OpenExport {
  readonly container: Container
  readonly registered: RegisteredExport
}

export function exportFile(
  { container, registered }: OpenExport,
  { path, url }: { readonly path: string; readonly url: string },
): ExportFile {
  return {
    exportId: registered.exportId,
    path,
    urlHost: urlHost(url),
    async *read(signal) {
      try {
        const member = container.find(path)
        if (!member) throw new FileError('member', `file_missing: ${path} is no longer in ${container.path}`)
        yield* member.open(signal) as AsyncIterable<Buffer>
      } catch (error) {
        signal.throwIfAborted()
        throw await explain(error as Error, registered, path)
      }
    },
  }
}

/** The errors of an export that has changed say nothing about its files. */
async function explain(error: Error, registered: RegisteredExport, path: string): Promise<FileError> {
  const trouble = await troubleOf(registered)
  if (trouble !== undefined) return new FileError('export', trouble)
  if (error instanceof FileError) return error
  if (error instanceof ContainerError) {
    return new FileError('member', `${error.code}: ${path}: ${error.message}`, error.code)
  }
  const code = (error as NodeJS.ErrnoException).code?.toLowerCase() ?? 'failed'
  return new FileError('reading', `file_${code}: ${path} of ${registered.path}: ${error.message}`)
}

/** Host of a URL that can be fetched. */
export function urlHost(url: string): string | undefined {
  try {
    return /^https?:/i.test(url) ? readMediaUrl(url).host : undefined
  } catch (error) {
    if (error instanceof InvalidMediaUrlError) return undefined
    throw error
  }
}
