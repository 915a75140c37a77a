import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputVideoTrack } from 'mediabunny'
import { NotMediaError } from '@mediakeep/content'
import { isDiskError } from './disk-error.ts'
import { isCutOff } from './video-end.ts'

export interface VideoFacts {
  readonly width: number
  readonly height: number
  readonly durationMs: number
}

/**
 * Width and height as shown, and the duration. The pictures are not decoded; but the last packet must be there.
 * @throws NotMediaError `truncated` or `undecodable`
 */
export async function inspectVideo(path: string): Promise<VideoFacts> {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(path) })
  try {
    const track = await input.getPrimaryVideoTrack()
    if (track === null) throw new NotMediaError('undecodable', 'The file holds no video track')
    return await readFacts(track)
  } catch (cause) {
    if (cause instanceof NotMediaError || isDiskError(cause)) throw cause
    throw new NotMediaError('undecodable', 'The video cannot be read', { cause })
  }
}

/** What is announced may be rounded, or mean the sound that runs a little longer. */
const MISSING_SECONDS = 1
const MISSING_SHARE = 0.1

async function readFacts(track: InputVideoTrack): Promise<VideoFacts> {
  const last = await new EncodedPacketSink(track).getPacket(Infinity)
  if (last === null) throw truncated()
  const end = last.timestamp + last.duration
  const announced = (await track.getDurationFromMetadata()) ?? end
  if (announced - end > Math.max(MISSING_SECONDS, announced * MISSING_SHARE)) throw truncated()
  const [width, height] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()])
  if (!(width > 0 && height > 0)) throw new NotMediaError('undecodable', 'The video has no width or height')
  return { width: Math.round(width), height: Math.round(height), durationMs: Math.round(end * 1000) }
}

/** @throws NotMediaError `truncated` when the file ends before its own structure does */
export async function assertVideoEnd(path: string): Promise<void> {
  if (await isCutOff(path)) throw truncated()
}

function truncated(): NotMediaError {
  return new NotMediaError('truncated', 'The video ends in the middle')
}
