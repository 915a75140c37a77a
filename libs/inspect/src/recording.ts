import {
  ALL_FORMATS,
  EncodedPacketSink,
  FilePathSource,
  Input,
  type InputTrack,
  type InputVideoTrack,
} from 'mediabunny'
import { NotMediaError, type Finding } from '@mediakeep/content'
import { containerEnd, sizedBoxSource, type ContainerEnd } from '@mediakeep/picture/container'
import { isDiskError } from './disk-error.ts'
import type { Sniffed } from './media-kinds.ts'

export interface RecordingFacts {
  readonly width?: number
  readonly height?: number
  readonly durationMs?: number
  readonly findings?: readonly Finding[]
}

/** Types whose signatures are so short that other files match them too: they need a readable track. */
const WEAK_SIGNS = ['audio/mpeg', 'audio/aac']

/**
 * Reads displayed width, height and duration of a video or audio file. Nothing is decoded, but the last packet of
 * each track must be present.
 * @throws NotMediaError `truncated`, `undecodable` or `too_many_parts`
 */
export async function inspectRecording(
  path: string,
  type: Sniffed,
  signal?: AbortSignal,
): Promise<RecordingFacts> {
  const { isCut, openBoxAt }: ContainerEnd = isInParts(type)
    ? await containerEnd(path, signal)
    : { isCut: false }
  const source = openBoxAt === undefined ? new FilePathSource(path) : sizedBoxSource(path, openBoxAt)
  using input = new Input({ formats: ALL_FORMATS, source })
  try {
    const tracks = await input.getTracks()
    const video = await input.getPrimaryVideoTrack()
    if (tracks.length === 0) throw isCut ? truncated() : noTrack(type)
    const ends = await Promise.all(tracks.map((track) => endOf(track, isCut, track === video)))
    const durationMs = Math.round(Math.max(...ends) * 1000)
    const findings: Finding[] = isCut ? ['wrong_size_field'] : []
    return { ...(video && (await sizeOf(video))), durationMs, ...(findings.length > 0 && { findings }) }
  } catch (cause) {
    if (cause instanceof NotMediaError || isDiskError(cause)) throw cause
    return unread(type, isCut, cause)
  }
}

function isInParts({ mimeType }: Sniffed): boolean {
  return /^(?:video\/|audio\/mp4)/.test(mimeType)
}

function noTrack({ mediaType }: Sniffed): NotMediaError {
  return new NotMediaError('undecodable', `The file holds no ${mediaType} track`)
}

/** Accepts audio with an unambiguous signature even if its container cannot be read here. */
function unread(type: Sniffed, isCut: boolean, cause: unknown): RecordingFacts {
  if (isCut) throw truncated(cause)
  if (type.mediaType === 'audio' && !WEAK_SIGNS.includes(type.mimeType)) return { findings: ['not_decoded'] }
  throw new NotMediaError('undecodable', `The ${type.mediaType} cannot be read`, { cause })
}

/** A stated duration may be rounded, or include audio that runs a little longer. */
const MISSING_SECONDS = 1
const MISSING_SHARE = 0.1

/** @returns the end of a track in seconds @throws NotMediaError if packets at its end are missing */
async function endOf(track: InputTrack, isCut: boolean, isPrimary: boolean): Promise<number> {
  const last = await new EncodedPacketSink(track).getPacket(Infinity)
  if (last === null) {
    // Subtitles and data may be empty.
    if (isPrimary || isCut) throw truncated()
    return 0
  }
  const end = last.timestamp + last.duration
  const stated = (await track.getDurationFromMetadata()) ?? end
  const missing = isCut ? 0.05 : Math.max(MISSING_SECONDS, stated * MISSING_SHARE)
  if (stated - end > missing) throw truncated()
  return end
}

async function sizeOf(track: InputVideoTrack): Promise<Pick<RecordingFacts, 'width' | 'height'>> {
  const [width, height] = await Promise.all([track.getDisplayWidth(), track.getDisplayHeight()])
  if (!(width > 0 && height > 0)) throw new NotMediaError('undecodable', 'The video has no width or height')
  return { width: Math.round(width), height: Math.round(height) }
}

function truncated(cause?: unknown): NotMediaError {
  return new NotMediaError('truncated', 'The file ends before its last frame', { cause })
}
