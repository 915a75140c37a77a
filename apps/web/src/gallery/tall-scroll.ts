/**
 * Browsers cap an element at 17 to 33 million pixels; a million pictures on a phone are taller. The scrolled
 * element is then shorter than its content: small steps move the content as far as the finger, leaps (the
 * scrollbar, a jump to a month) go to the same fraction of the content.
 */
export const TALLEST = 8_000_000

export interface TallScroll {
  /** Scroll position of the element. */
  readonly scrollTop: number
  /** Offset in the content that is shown there. */
  readonly top: number
}

export interface Extent {
  /** Height of the content. */
  readonly height: number
  readonly viewport: number
}

export function elementHeight({ height }: Extent): number {
  return Math.min(height, TALLEST)
}

/** Returns the position after the element was scrolled. */
export function scrolled(before: TallScroll, scrollTop: number, extent: Extent): TallScroll {
  const step = scrollTop - before.scrollTop
  const isLeap =
    Math.abs(step) > extent.viewport || scrollTop <= 0 || scrollTop >= range(elementHeight(extent), extent)
  const top = isLeap ? scrollTop * ratio(extent) : before.top + step
  return { scrollTop, top: clamp(top, range(extent.height, extent)) }
}

/** Returns the position that brings this part of the content to the top. */
export function scrolledTo(top: number, extent: Extent): TallScroll {
  const reached = clamp(top, range(extent.height, extent))
  return { top: reached, scrollTop: reached / ratio(extent) }
}

function ratio(extent: Extent): number {
  const element = range(elementHeight(extent), extent)
  return element === 0 ? 1 : range(extent.height, extent) / element
}

function range(height: number, { viewport }: Extent): number {
  return Math.max(0, height - viewport)
}

function clamp(value: number, highest: number): number {
  return Math.min(Math.max(0, value), highest)
}
