import { stat } from 'node:fs/promises'
import { AnalysisError, type AnalysisInput, type MediaType } from '@mediakeep/plugin-api'
import { drawPicture, NoPictureError, type Picture } from '@mediakeep/picture'

/** Builds the input that a runner would pass for a file. */
export async function inputOf(path: string, mimeType: string): Promise<AnalysisInput> {
  const mediaType = /^(image|video|audio)\//.exec(mimeType)?.[1] ?? 'document'
  return {
    sha256: '0'.repeat(64),
    mediaType: mediaType as MediaType,
    mimeType,
    byteSize: (await stat(path)).size,
    path,
    picture: (options) =>
      drawPicture({ path, mimeType }, options).catch((error: unknown) => {
        throw error instanceof NoPictureError ? new AnalysisError(error.code, error.message) : error
      }) as Promise<Picture & { mimeType: 'image/png' | 'image/jpeg' }>,
  }
}
