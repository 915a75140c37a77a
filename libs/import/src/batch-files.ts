import type { Container, RefusedMember } from '@mediakeep/containers'
import { newId } from '@mediakeep/ids'
import { placeFiles, registerExport, type ExportFacts, type FilePlace } from '@mediakeep/media'
import { storableText, type Sql } from '@mediakeep/sql'
import type { Batch } from './batches.ts'
import { missingInExport, withoutFile, type EndedReference, type MediaRecord } from './media-record.ts'
import type { PostMedia } from './store-media.ts'

/** The files of an export that the posts of a batch show. */
export interface BatchFiles {
  readonly facts: ExportFacts
  /** Position of each file by its path. */
  readonly orders: ReadonlyMap<string, number>
  readonly refusals: ReadonlyMap<string, RefusedMember>
}

/** Looks up the files of batches while their container is open. */
export class BatchFilesReader {
  readonly #machine: string
  /** Facts of the container read last: computing its digest means reading all of it. */
  #known: { readonly container: Container; readonly facts: ExportFacts } | undefined

  constructor(machine: string) {
    this.#machine = machine
  }

  /** @returns undefined when no post of the batch shows a file */
  async read({ container, items }: Batch): Promise<BatchFiles | undefined> {
    const media = items.flatMap((item) => ('post' in item ? item.post.media : []))
    const paths = new Set(media.flatMap(({ file }) => file ?? []))
    if (!container || paths.size === 0) return undefined
    const orders = new Map<string, number>()
    const refusals = new Map<string, RefusedMember>()
    for (const path of paths) {
      const [member, refusal] = [container.find(path), container.refusal(path)]
      if (member) orders.set(path, member.order)
      else if (refusal) refusals.set(path, refusal)
    }
    return { facts: await this.#factsOf(container), orders, refusals }
  }

  async #factsOf(container: Container): Promise<ExportFacts> {
    if (this.#known?.container === container) return this.#known.facts
    const { path, kind, byteSize, modifiedAt } = container
    const sha256 = await container.digest()
    const facts = { machine: this.#machine, path, kind, sha256, byteSize, modifiedAt }
    this.#known = { container, facts }
    return facts
  }
}

/** Gives media whose file the export does not hand out their URL, or the reason as their fate. */
export function withFiles(items: readonly PostMedia[], files: BatchFiles | undefined): PostMedia[] {
  return items.map((item) => ({ ...item, media: withFile(item.media, files) }))
}

function withFile(media: MediaRecord, files: BatchFiles | undefined): MediaRecord {
  const { file } = media
  if (file === undefined || files?.orders.has(file)) return media
  const refusal = files?.refusals.get(file)
  return withoutFile(media, refusal ? refused(refusal) : missingInExport(file))
}

function refused({ path, code, reason }: RefusedMember): EndedReference {
  return {
    fate: code === 'bomb' ? 'rejected' : 'failed',
    reason: storableText(`${code}: ${path}: ${reason}`, 500),
  }
}

/** Remembers where the bytes of stored media are. @returns how many wait again that had another fate */
export async function storeFiles(
  sql: Sql,
  items: readonly PostMedia[],
  files: BatchFiles | undefined,
): Promise<number> {
  const places = items.flatMap(({ postId, media: { sourceKey, file } }): FilePlace[] =>
    file === undefined
      ? []
      : [{ postId, sourceKey, memberPath: file, memberOrder: files!.orders.get(file)! }],
  )
  if (!files || places.length === 0) return 0
  const exportId = await registerExport(sql, newId('exp'), files.facts)
  return placeFiles(sql, exportId, places)
}
