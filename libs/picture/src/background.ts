import type { Sharp } from 'sharp'

const EDGE = 64
/** Out of 255: with less average contrast, a drawing is invisible on white. */
const LEAST_CONTRAST = 64

/** Chooses a background that shows a partly transparent picture: white, or black for a light drawing. */
export async function backgroundFor(pixels: Sharp): Promise<'#ffffff' | '#000000'> {
  const rgba = await pixels
    .clone()
    .resize({ width: EDGE, height: EDGE, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer()
  let [contrast, weight] = [0, 0]
  for (let at = 0; at + 3 < rgba.length; at += 4) {
    const luminance = 0.2126 * rgba[at]! + 0.7152 * rgba[at + 1]! + 0.0722 * rgba[at + 2]!
    contrast += (255 - luminance) * rgba[at + 3]!
    weight += rgba[at + 3]!
  }
  // Without any visible pixels, the background does not matter.
  const isVisible = weight === 0 || contrast / weight >= LEAST_CONTRAST
  return isVisible ? '#ffffff' : '#000000'
}
