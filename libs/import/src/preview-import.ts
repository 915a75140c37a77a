import type { SourceFormat } from '@mediakeep/plugin-api'
import { batches } from './batches.ts'
import type { RejectedPost } from './run-summary.ts'

export interface ImportPreview {
  readonly posts: number
  /** References, one per post and source. */
  readonly media: number
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
  const rejected: RejectedPost[] = []
  const fileErrors: string[] = []
  for await (const batch of batches({ files, formats, from: { file: 0, post: 0 }, signal })) {
    for (const item of batch.items) {
      if ('rejection' in item) rejected.push({ file: batch.path, index: item.index, ...item.rejection })
      else {
        posts++
        media += item.post.media.length
      }
    }
    if (batch.fileError !== undefined) fileErrors.push(batch.fileError)
  }
  return { posts, media, rejected, fileErrors }
}
