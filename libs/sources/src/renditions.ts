import type { MediaCandidate, MediaReference } from '@mediakeep/plugin-api'

/** One of several renditions, with its place in the post. */
export interface Rendition extends MediaCandidate {
  readonly pointer: string
}

export type Renditions = Pick<MediaReference, 'url' | 'pointer' | 'width' | 'height' | 'candidates'>

/** Returns the largest rendition as the reference and the others as its candidates, each URL once. */
export function bestRendition(renditions: readonly Rendition[]): Renditions | undefined {
  const sorted = renditions.toSorted(
    (one, other) => areaOf(other) - areaOf(one) || (other.bitrate ?? 0) - (one.bitrate ?? 0),
  )
  const [best, ...others] = sorted.filter(
    ({ url }, index) => sorted.findIndex((same) => same.url === url) === index,
  )
  if (!best) return undefined
  const { url, pointer, width, height } = best
  if (others.length === 0) return { url, pointer, width, height }
  return { url, pointer, width, height, candidates: others.map(withoutPointer) }
}

function withoutPointer({ url, width, height, bitrate, mimeType }: Rendition): MediaCandidate {
  return { url, width, height, bitrate, mimeType }
}

function areaOf({ width = 0, height = 0 }: Rendition): number {
  return width * height
}
