import type { SourceFormat } from '@mediakeep/plugin-api'
import { batches } from './batches.ts'
import { countsOf } from './run-options.ts'
import type { RejectedPost } from './run-summary.ts'

interface FormatCount {
  posts: number
  media: number
}

export interface ImportPreview {
  readonly posts: number
  /** References, one per post and source. */
  readonly media: number
  /** By name of the format. */
  readonly formats: Readonly<Record<string, FormatCount>>
  /** Items that are no posts, counted by reason. */
  readonly skippedItems: Readonly<Record<string, number>>
  readonly rejected: readonly RejectedPost[]
  /** Files that cannot be read, and the reasons. */
  readonly fileErrors: readonly string[]
}

/** Reports what an import would find in the files; writes nothing and uses no database. */
export async function previewImport(
  files: readonly string[],
  formats: readonly SourceFormat[],
  signal?: AbortSignal,
): Promise<ImportPreview> {
  let [posts, media] = [0, 0]
  const formatCounts: Record<string, FormatCount> = {}
  const skipped: string[] = []
  const rejected: RejectedPost[] = []
  const fileErrors: string[] = []
  for await (const batch of batches({ files, formats, from: { file: 0, member: 0, post: 0 }, signal })) {
    for (const item of batch.items) {
      if ('skipped' in item) skipped.push(item.skipped)
      else if ('rejection' in item) rejected.push({ file: batch.path, index: item.index, ...item.rejection })
      else {
        posts++
        media += item.post.media.length
        const format = (formatCounts[item.post.format] ??= { posts: 0, media: 0 })
        format.posts++
        format.media += item.post.media.length
      }
    }
    if (batch.fileError !== undefined) fileErrors.push(batch.fileError)
  }
  return { posts, media, formats: formatCounts, skippedItems: countsOf(skipped), rejected, fileErrors }
}
