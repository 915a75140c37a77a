import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
  type OutputFormat,
} from 'mediabunny'

const FORMATS = {
  mp4: () => new Mp4OutputFormat({ fastStart: false }),
  'mp4 for streaming': () => new Mp4OutputFormat({ fastStart: 'in-memory' }),
  'mp4 in fragments': () => new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.5 }),
  quicktime: () => new MovOutputFormat({ fastStart: 'in-memory' }),
  webm: () => new WebMOutputFormat(),
} satisfies Record<string, () => OutputFormat>

export type VideoFormat = keyof typeof FORMATS
export const VIDEO_FORMATS = Object.keys(FORMATS) as VideoFormat[]

/** A VP8 frame header (RFC 6386, 9.1) for a key frame of 320 x 240; noise replaces the picture. */
const KEY_FRAME = Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xf0, 0x00)

/** Two seconds of 320 x 240 at 10 frames per second in a valid container; the pictures are noise. */
export async function makeVideo(format: VideoFormat): Promise<Buffer> {
  const target = new BufferTarget()
  const output = new Output({ format: FORMATS[format](), target })
  const source = new EncodedVideoPacketSource('vp8')
  output.addVideoTrack(source, { frameRate: 10 })
  await output.start()
  const meta = { decoderConfig: { codec: 'vp8', codedWidth: 320, codedHeight: 240 } }
  for (let frame = 0; frame < 20; frame += 1) {
    const data = Buffer.alloc(500, frame)
    data.set(KEY_FRAME)
    await source.add(new EncodedPacket(data, 'key', frame / 10, 0.1), meta)
  }
  await output.finalize()
  return Buffer.from(target.buffer ?? new ArrayBuffer(0))
}
