/** `fit`: as large as the window allows. A number: screen pixels for each pixel of the picture, so 1 is 1:1. */
export type Zoom = 'fit' | number

export interface Size {
  readonly width: number
  readonly height: number
}

const SCALES = [0.1, 0.25, 0.5, 1, 2, 4, 8]

/** Screen pixels for each pixel of the picture when it fits its window. */
export function fitScale(picture: Size, window: Size, pixelRatio: number): number {
  return Math.min(window.width / picture.width, window.height / picture.height) * pixelRatio
}

/** Returns the next larger (`by` 1) or smaller (-1) zoom; undefined at the end. */
export function zoomed(zoom: Zoom, by: 1 | -1, fit: number): Zoom | undefined {
  const now = zoom === 'fit' ? fit : zoom
  if (by === 1) return SCALES.find((scale) => scale > now * 1.001)
  // Smaller than both the window and 1:1 shows nothing more.
  const least = Math.min(fit, 1)
  return (
    SCALES.findLast((scale) => scale < now * 0.999 && scale >= least * 0.999) ??
    (now > fit ? 'fit' : undefined)
  )
}

/** `Fit`, `100 %`. */
export function zoomWords(zoom: Zoom): string {
  return zoom === 'fit' ? 'Fit' : `${Math.round(zoom * 100)} %`
}
