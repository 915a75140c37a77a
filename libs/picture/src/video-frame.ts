import * as webcodecs from '@napi-rs/webcodecs'
import { ALL_FORMATS, FilePathSource, Input, VideoSampleSink, type InputVideoTrack } from 'mediabunny'
import sharp from 'sharp'
import { containerEnd } from './container-end.ts'
import type { Drawn } from './draw-picture.ts'
import { NoPictureError } from './picture.ts'
import { sizedBoxSource } from './sized-box-source.ts'

// Mediabunny expects WebCodecs in the globals, as in a browser.
Object.assign(globalThis, webcodecs)

/** The first frames of a video are often black, or a title. */
const SHARE = 0.1
const LATEST_SECONDS = 10

/** Mediabunny's types are older than this option. */
const AS_RGBA: object = { format: 'RGBA' }

/** Containers that mediabunny reads. For other types, an unreadable file is not to blame. */
const READ = /^video\/(?:mp4|quicktime|3gpp2?|webm|matroska)$/

/** Draws the frame at a tenth of the video, at most ten seconds in. @throws NoPictureError */
export async function drawFrame(path: string, mimeType: string): Promise<Drawn> {
  const { openBoxAt } = await containerEnd(path)
  const source = openBoxAt === undefined ? new FilePathSource(path) : sizedBoxSource(path, openBoxAt)
  using input = new Input({ formats: ALL_FORMATS, source })
  if (!READ.test(mimeType) && !(await input.canRead().catch(() => false))) {
    throw new NoPictureError('no_picture', `There is no decoder for ${mimeType} here`)
  }
  const track = await input.getPrimaryVideoTrack()
  if (track === null) throw new NoPictureError('no_picture', 'The file holds no video track')
  if (!(await track.canDecode())) {
    const codec = (await track.getCodec()) ?? 'its codec'
    throw new NoPictureError('no_picture', `There is no decoder for ${codec} here`)
  }
  const durationSeconds = await track.computeDuration()
  return { ...(await frameAt(track, durationSeconds)), durationSeconds }
}

async function frameAt(track: InputVideoTrack, durationSeconds: number): Promise<Drawn> {
  const first = await track.getFirstTimestamp()
  const wanted = first + Math.min(durationSeconds * SHARE, LATEST_SECONDS)
  const sink = new VideoSampleSink(track)
  using sample = (await sink.getSample(wanted)) ?? (await sink.getSample(first))
  if (sample === null) throw new NoPictureError('undecodable', 'The video holds no picture')
  const { width, height } = sample.visibleRect
  const bytes = Buffer.alloc(sample.allocationSize(AS_RGBA))
  await sample.copyTo(bytes, AS_RGBA)
  const [fullWidth, fullHeight] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()])
  // Pixels need not be square, and frames may be rotated.
  const turned = sample.rotation % 180 !== 0
  const [wide, high] = turned ? [fullHeight, fullWidth] : [fullWidth, fullHeight]
  const square = await sharp(bytes, { raw: { width, height, channels: 4 } })
    .resize({ width: Math.round(wide), height: Math.round(high), fit: 'fill' })
    .png({ compressionLevel: 0 })
    .toBuffer()
  return { pixels: sharp(square).rotate(sample.rotation), fullWidth, fullHeight, atSeconds: sample.timestamp }
}
