import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/**
 * A valid media file with room for a serial number where no decoder looks: one picture yields any number of
 * files with different contents.
 */
export interface Sample {
  readonly before: Buffer
  readonly after: Buffer
  readonly mediaType: 'image' | 'video'
  readonly mimeType: string
  readonly extension: string
}

/** Many files of one size. */
export interface SampleSet {
  /** `2,000 files of 50 KB` */
  readonly title: string
  readonly count: number
  readonly samples: readonly Sample[]
}

const SERIAL_LENGTH = 8

/** Returns the bytes of a set's nth file, in pieces. */
export function pieces({ samples }: SampleSet, n: number): Buffer[] {
  const { before, after } = sampleOf(samples, n)
  return [before, Buffer.from(String(n).padStart(SERIAL_LENGTH, '0')), after]
}

export function sampleOf(samples: readonly Sample[], n: number): Sample {
  return samples[n % samples.length]!
}

export type SetName = 'small' | 'pictures' | 'large'

export async function sampleSet(name: SetName): Promise<SampleSet> {
  if (name === 'large') return { title: '20 files of 50 MB', count: 20, samples: [await video(50_000_000)] }
  const [title, height] = name === 'small' ? ['2,000 files of 50 KB', 226] : ['2,000 pictures of 60 KB', 272]
  const samples = await Promise.all(Array.from({ length: 50 }, () => picture(height)))
  return { title, count: 2000, samples }
}

/** Returns a JPEG of noise, 320 pixels wide, about 220 bytes a row; its number is in a comment (a COM segment). */
async function picture(height: number): Promise<Sample> {
  const width = 320
  const raw = { width, height, channels: 3 } as const
  const jpeg = await sharp(randomBytes(width * height * 3), { raw })
    .jpeg({ quality: 82 })
    .toBuffer()
  const comment = Buffer.from([0xff, 0xfe, 0, SERIAL_LENGTH + 2])
  return {
    before: Buffer.concat([jpeg.subarray(0, 2), comment]),
    after: jpeg.subarray(2),
    mediaType: 'image',
    mimeType: 'image/jpeg',
    extension: 'jpg',
  }
}

/** Extends the sample's clip by a box that players skip (ISO/IEC 14496-12, `free`); the box starts with the number. */
async function video(size: number): Promise<Sample> {
  const clip = await readFile(join(import.meta.dirname, '../../sample/media/clip.mp4'))
  const box = Buffer.alloc(8)
  box.writeUInt32BE(size - clip.length)
  box.write('free', 4)
  return {
    before: Buffer.concat([clip, box]),
    after: randomBytes(size - clip.length - box.length - SERIAL_LENGTH),
    mediaType: 'video',
    mimeType: 'video/mp4',
    extension: 'mp4',
  }
}
