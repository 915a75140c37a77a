import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeClip } from './clip.ts'
import { drawAvatar, drawChart, drawLandscape, drawSlide } from './pictures.ts'
import { makePosts } from './posts.ts'
import { makeReport } from './report.ts'

const root = join(import.meta.dirname, '../..')

const media: Record<string, () => Promise<Uint8Array>> = {
  'harbour.jpg': () => drawLandscape(11, 1600, 1067),
  'meadow.jpg': () => drawLandscape(23, 1600, 1067),
  'ridge.jpg': () => drawLandscape(37, 1600, 1200),
  'dusk.jpg': () => drawLandscape(41, 1080, 1350),
  'walk-1.jpg': () => drawLandscape(53, 1080, 1080),
  'walk-2.jpg': () => drawLandscape(59, 1080, 1080),
  'walk-3.jpg': () => drawLandscape(61, 1080, 1080),
  'clip-poster.jpg': () => drawLandscape(67, 640, 360),
  'article.jpg': () => drawLandscape(71, 1200, 628),
  'chart.webp': () => drawChart(5),
  'slide.png': () =>
    drawSlide('Graviton benchmark', [
      'Throughput rose by 41 percent',
      'Energy per request fell by 28 percent',
      'Full method on the next slide',
    ]),
  'avatar-lin.png': () => drawAvatar(1),
  'avatar-osei.png': () => drawAvatar(2),
  'avatar-mara.png': () => drawAvatar(3),
  'clip.mp4': makeClip,
  'report.pdf': makeReport,
}

await mkdir(join(root, 'media'), { recursive: true })
await mkdir(join(root, 'posts'), { recursive: true })
for (const [name, make] of Object.entries(media)) await writeFile(join(root, 'media', name), await make())
await writeFile(join(root, 'posts', 'linkedin-posts.json'), `${JSON.stringify(makePosts(), null, 2)}\n`)
