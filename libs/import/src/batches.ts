import { stat } from 'node:fs/promises'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { readPost, type ReadPost } from './post-record.ts'
import { readValues } from './read-values.ts'
import { NotJsonError } from './sniff-posts.ts'

/** A run's position: every post before it is stored. */
interface Position {
  /** Index into the run's files. */
  readonly file: number
  readonly post: number
}

type BatchItem = ReadPost & { readonly index: number }

/** Posts that are stored in one transaction. */
export interface Batch {
  readonly path: string
  readonly from: Position
  readonly to: Position
  readonly items: readonly BatchItem[]
  /** In all files of the run, up to the end of this batch. */
  readonly bytesRead: number
  /** Reason why the rest of the file could not be read. */
  readonly fileError?: string
}

export interface BatchSource {
  readonly files: readonly string[]
  readonly formats: readonly SourceFormat[]
  readonly from: Position
  readonly signal?: AbortSignal | undefined
}

const MAX_POSTS = 500
const MAX_BYTES = 1024 * 1024

/** Yields the posts of a run's files from a position on. An unreadable file does not affect the others. */
export async function* batches(source: BatchSource): AsyncGenerator<Batch, void, undefined> {
  let before = 0
  for (const [file, path] of source.files.entries()) {
    const size = await stat(path).then(
      (stats) => stats.size,
      () => 0,
    )
    if (file >= source.from.file) {
      const skip = file === source.from.file ? source.from.post : 0
      yield* batchesOfFile({ ...source, file, path, skip, before, size })
    }
    before += size
  }
}

interface FileSource extends BatchSource {
  readonly file: number
  readonly path: string
  /** Posts already stored. */
  readonly skip: number
  /** Bytes of the files before this one. */
  readonly before: number
  readonly size: number
}

async function* batchesOfFile(source: FileSource): AsyncGenerator<Batch, void, undefined> {
  const { path, file, before, size, signal, formats } = source
  let from: Position = { file, post: source.skip }
  let items: BatchItem[] = []
  let bytes = 0
  const last = { file: file + 1, post: 0 }
  try {
    for await (const values of readValues(path, formats, signal)) {
      for (const value of values) {
        if (value.index < source.skip) continue
        items.push({ ...readPost(value, formats), index: value.index })
        bytes += value.bytes.length
        if (items.length < MAX_POSTS && bytes < MAX_BYTES) continue
        const to = { file, post: value.index + 1 }
        const read = Math.min(value.offset + value.bytes.length, size)
        yield { path, from, to, items, bytesRead: before + read }
        from = to
        items = []
        bytes = 0
      }
    }
    yield { path, from, to: last, items, bytesRead: before + size }
  } catch (error) {
    signal?.throwIfAborted()
    const isOfFile = error instanceof NotJsonError || (error as NodeJS.ErrnoException).syscall !== undefined
    if (!isOfFile) throw error
    yield { path, from, to: last, items, bytesRead: before + size, fileError: (error as Error).message }
  }
}
