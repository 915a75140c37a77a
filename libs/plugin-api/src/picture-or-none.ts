import { AnalysisError, type AnalysisInput, type Picture, type PictureOptions } from './analyser.ts'

/** Like `input.picture`, but returns undefined for files without a picture: sound, HEIC, office documents. */
export async function pictureOrNone(
  input: AnalysisInput,
  options: PictureOptions,
): Promise<Picture | undefined> {
  try {
    return await input.picture(options)
  } catch (error) {
    if (error instanceof AnalysisError && error.code === 'no_picture') return undefined
    throw error
  }
}
