import { join } from 'node:path'
import { ContainerError, openContainer, type Container } from '@mediakeep/containers'
import type { SourceFormat } from '@mediakeep/plugin-api'
import { CsvError } from 'csv-parse'
import { exportSize } from './export-size.ts'
import { hasKnownLayout } from './intake/claims.ts'
import { FactsReader, type MemberPlaces } from './intake/places.ts'
import { readItems, UnknownFileError, type ReadOptions } from './intake/read-items.ts'
import type { Item } from './intake/readings.ts'
import { readPost, type ReadPost } from './post-record.ts'
import { NotJsonError } from './sniff-posts.ts'

/** A run's position: every post before it is stored. */
export interface Position {
  /** Index into the run's files. */
  readonly file: number
  /** Index into the members of that file, which are sorted by path; 0 for a plain file. */
  readonly member: number
  readonly post: number
}

type BatchItem = ReadPost & { readonly index: number }

/** Posts that are stored in one transaction. */
export interface Batch {
  readonly path: string
  /** Open until the next batch is asked for; absent when the file could not be opened. */
  readonly container?: Container
  /** Index of the member that holds the posts. */
  readonly member: number
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
/** Refused members that one message names. */
const NAMED = 20

/** Yields the posts of a run's files from a position on. An unreadable file does not affect the others. */
export async function* batches(source: BatchSource): AsyncGenerator<Batch, void, undefined> {
  let before = 0
  for (const [file, path] of source.files.entries()) {
    const size = (await exportSize(path)) ?? 0
    if (file >= source.from.file) {
      const from = file === source.from.file ? source.from : { file, member: 0, post: 0 }
      yield* batchesOfFile({ ...source, path, from, before, size })
    }
    before += size
  }
}

interface FileSource extends BatchSource {
  readonly path: string
  /** Bytes of the files before this one. */
  readonly before: number
  readonly size: number
}

async function* batchesOfFile(source: FileSource): AsyncGenerator<Batch, void, undefined> {
  const { path, before, size, signal } = source
  const end = { file: source.from.file + 1, member: 0, post: 0 }
  const last = { path, member: 0, to: end, items: [], bytesRead: before + size }
  let container: Container
  try {
    container = await openContainer(path)
  } catch (error) {
    signal?.throwIfAborted()
    if (!isOfFile(error)) throw error
    yield { ...last, from: source.from, fileError: (error as Error).message }
    return
  }
  try {
    let from = source.from
    for await (const batch of batchesOfMembers(container, source)) {
      yield batch
      from = batch.to
    }
    if (from.file < end.file) yield { ...last, from, ...refusedMembers(container) }
  } finally {
    await container.close()
  }
}

/** Names the members that an archive does not hand out. Links out of a folder are no damage. */
function refusedMembers({ kind, path, refused, refusedCount }: Container): { fileError?: string } {
  if (refusedCount === 0 || kind === 'folder') return {}
  const named = refused.slice(0, NAMED).map((member) => `${member.path} (${member.reason})`)
  const others = refusedCount > named.length ? ` and ${refusedCount - named.length} more` : ''
  return { fileError: `${path}: not read: ${named.join(', ')}${others}` }
}

async function* batchesOfMembers(
  container: Container,
  source: FileSource,
): AsyncGenerator<Batch, void, undefined> {
  const { formats, before, size, signal } = source
  const options = { container, formats, facts: new FactsReader(container), signal }
  const ignoresUnknown = hasKnownLayout(container, formats)
  const { memberCount } = container
  let { from } = source
  const { file } = from
  for (let index = from.member; index < memberCount; index++) {
    signal?.throwIfAborted()
    const isLast = index === memberCount - 1 && container.refusedCount === 0
    const member: MemberSource = {
      index,
      path: pathOf(container, index),
      from,
      next: isLast ? { file: file + 1, member: 0, post: 0 } : { file, member: index + 1, post: 0 },
      bytesRead: before + Math.floor((size * (index + 1)) / memberCount),
      bytesBefore: container.kind === 'file' ? before : undefined,
    }
    for await (const batch of batchesOfMember(member, options, ignoresUnknown)) {
      yield batch
      from = batch.to
    }
  }
}

/** The name of a file in messages and rows. */
function pathOf(container: Container, index: number): string {
  return container.kind === 'file' ? container.path : join(container.path, container.member(index).path)
}

interface MemberSource {
  readonly index: number
  readonly path: string
  /** The run's position before this member, or within it. */
  readonly from: Position
  /** The position after it. */
  readonly next: Position
  /** Counts of the whole run, after this member. */
  readonly bytesRead: number
  /** Bytes of the whole run before a plain file; undefined for members, which may be compressed. */
  readonly bytesBefore: number | undefined
}

async function* batchesOfMember(
  source: MemberSource,
  options: Omit<ReadOptions, 'name'>,
  ignoresUnknown: boolean,
): AsyncGenerator<Batch, void, undefined> {
  const { path, index, next, bytesRead, bytesBefore } = source
  const { container, formats, signal } = options
  const skip = source.from.member === index ? source.from.post : 0
  let { from } = source
  let items: BatchItem[] = []
  let bytes = 0
  try {
    const read = await readItems(container.member(index), { ...options, name: path })
    if (!read) return
    for await (const found of read.items) {
      for (const item of found) {
        if (item.index < skip) continue
        items.push({ ...readItem(item, read.places, formats), index: item.index })
        bytes += item.bytes.length
        if (items.length < MAX_POSTS && bytes < MAX_BYTES) continue
        const to = { file: from.file, member: index, post: item.index + 1 }
        const end = bytesBefore === undefined ? bytesRead : bytesBefore + item.offset + item.bytes.length
        yield { path, container, member: index, from, to, items, bytesRead: Math.min(end, bytesRead) }
        from = to
        items = []
        bytes = 0
      }
    }
    yield { path, container, member: index, from, to: next, items, bytesRead }
  } catch (error) {
    signal?.throwIfAborted()
    if (!isOfFile(error)) throw error
    if (error instanceof UnknownFileError && ignoresUnknown) return
    yield {
      path,
      container,
      member: index,
      from,
      to: next,
      items,
      bytesRead,
      fileError: messageOf(path, error as Error),
    }
  }
}

function readItem(item: Item, places: MemberPlaces, formats: readonly SourceFormat[]): ReadPost {
  return readPost(item, item.formats, (format, seenAt) => places.of(format, item.around, seenAt), formats)
}

/** Errors of archives and tables do not name the file. */
function messageOf(path: string, error: Error): string {
  const isNamed =
    error.message.includes(path) || !(error instanceof ContainerError || error instanceof CsvError)
  return isNamed ? error.message : `${path}: ${error.message}`
}

/** True for an error that says something about one file; the others can be read. */
function isOfFile(error: unknown): boolean {
  return (
    error instanceof NotJsonError ||
    error instanceof UnknownFileError ||
    error instanceof ContainerError ||
    error instanceof CsvError ||
    (error as NodeJS.ErrnoException).syscall !== undefined
  )
}
