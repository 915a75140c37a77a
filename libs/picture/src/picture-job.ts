// What a child of a picture drawer runs.
import sharp from 'sharp'
import { drawPicture } from './draw-picture.ts'
import type { Picture, PictureOptions, PictureSource } from './picture.ts'

export interface PictureJob {
  readonly source: PictureSource
  readonly options: PictureOptions
}

// As many children work at once as there are cores; files are read once.
sharp.concurrency(1)
sharp.cache(false)

export function run({ source, options }: PictureJob): Promise<Picture> {
  return drawPicture(source, options)
}
