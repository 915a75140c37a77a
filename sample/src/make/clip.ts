import * as webcodecs from '@napi-rs/webcodecs'
import { BufferTarget, Mp4OutputFormat, Output, Quality, VideoSample, VideoSampleSource } from 'mediabunny'
import sharp from 'sharp'

const WIDTH = 640
const HEIGHT = 360
const FRAMES_PER_SECOND = 25
const SECONDS = 3

/** Three seconds of a sun that crosses the sky, as H.264 in MP4. */
export async function makeClip(): Promise<Buffer> {
  Object.assign(globalThis, webcodecs)
  const target = new BufferTarget()
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target })
  const source = new VideoSampleSource({ codec: 'avc', quality: new Quality('medium') })
  output.addVideoTrack(source, { frameRate: FRAMES_PER_SECOND })
  await output.start()
  for (let frame = 0; frame < SECONDS * FRAMES_PER_SECOND; frame++) {
    const pixels = await drawFrame(frame / (SECONDS * FRAMES_PER_SECOND))
    const sample = new VideoSample(pixels, {
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
  return Buffer.from(target.buffer!)
}

function drawFrame(progress: number): Promise<Buffer> {
  const x = WIDTH * progress
  const y = HEIGHT * (0.55 - Math.sin(progress * Math.PI) * 0.35)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="hsl(${210 - progress * 30} 60% ${55 + Math.sin(progress * Math.PI) * 20}%)"/>
    <circle cx="${x}" cy="${y}" r="34" fill="hsl(42 95% 70%)"/>
    <rect y="${HEIGHT * 0.72}" width="100%" height="100%" fill="hsl(150 30% 30%)"/>
  </svg>`
  return sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer()
}
