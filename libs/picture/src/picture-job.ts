// Runs in a child process of a picture drawer.
import sharp from 'sharp'
import { drawPicture } from './draw-picture.ts'
import type { Picture, PictureOptions, PictureSource } from './picture.ts'

export interface PictureJob {
  readonly source: PictureSource
  readonly options: PictureOptions
}

// Several children work at once, so each uses one thread; files are read once.
sharp.concurrency(1)
sharp.cache(false)

export function run({ source, options }: PictureJob): Promise<Picture> {
  return drawPicture(source, options)
}
