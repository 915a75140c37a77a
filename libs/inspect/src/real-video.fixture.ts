import * as webcodecs from '@napi-rs/webcodecs'
import {
  BufferTarget,
  MovOutputFormat,
  Mp4OutputFormat,
  Output,
  Quality,
  VideoSample,
  VideoSampleSource,
  WebMOutputFormat,
  type OutputFormat,
} from 'mediabunny'

const WIDTH = 64
const HEIGHT = 48
const FRAMES_PER_SECOND = 10
const FRAMES = 20

export const REAL_FORMATS = {
  'index last': () => new Mp4OutputFormat({ fastStart: false }),
  'index first': () => new Mp4OutputFormat({ fastStart: 'in-memory' }),
  'in fragments': () => new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 0.5 }),
  quicktime: () => new MovOutputFormat({ fastStart: 'in-memory' }),
  webm: () => new WebMOutputFormat(),
} satisfies Record<string, () => OutputFormat>

/** Two seconds of VP9, which every Chromium plays; each frame has its own grey. */
export async function makeRealVideo(format: keyof typeof REAL_FORMATS): Promise<Buffer> {
  Object.assign(globalThis, webcodecs)
  const target = new BufferTarget()
  const output = new Output({ format: REAL_FORMATS[format](), target })
  const source = new VideoSampleSource({
    codec: format === 'webm' ? 'vp8' : 'vp9',
    quality: new Quality('low'),
  })
  output.addVideoTrack(source, { frameRate: FRAMES_PER_SECOND })
  await output.start()
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const sample = new VideoSample(Buffer.alloc(WIDTH * HEIGHT * 4, 10 * frame), {
      format: 'RGBA',
      codedWidth: WIDTH,
      codedHeight: HEIGHT,
      timestamp: frame / FRAMES_PER_SECOND,
      duration: 1 / FRAMES_PER_SECOND,
    })
    await source.add(sample)
    sample.close()
  }
  await output.finalize()
  return Buffer.from(target.buffer ?? new ArrayBuffer(0))
}
