/** A month in the gallery, in pixels from the gallery's top: a heading, then rows of squares. */
export interface Section {
  readonly month: string
  readonly count: number
  /** Position of its first item in the whole gallery. */
  readonly start: number
  readonly top: number
  readonly height: number
}

export interface Layout {
  readonly columns: number
  /** Side of a square. */
  readonly side: number
  readonly height: number
  readonly count: number
  readonly sections: readonly Section[]
}

export interface Box {
  readonly top: number
  readonly left: number
}

export const GAP = 4
export const HEADING = 48

export function layOut(
  months: readonly { readonly month: string; readonly count: number }[],
  width: number,
  smallest: number,
): Layout {
  const columns = Math.max(1, Math.floor((width + GAP) / (smallest + GAP)))
  const side = (width - GAP * (columns - 1)) / columns
  let top = 0
  let start = 0
  const sections = months.map(({ month, count }) => {
    const height = HEADING + Math.ceil(count / columns) * (side + GAP)
    const section = { month, count, start, top, height }
    top += height
    start += count
    return section
  })
  return { columns, side, height: top, count: start, sections }
}

/** Returns the sections that overlap this stretch. */
export function sectionsWithin({ sections }: Layout, top: number, bottom: number): readonly Section[] {
  const first = lastAtOrBefore(sections, (section) => section.top <= top)
  const last = lastAtOrBefore(sections, (section) => section.top < bottom)
  return sections.slice(first, last + 1)
}

/** Returns the positions, in the section, of the items that overlap this stretch; `to` is exclusive. */
export function itemsWithin(
  { columns, side }: Layout,
  section: Section,
  top: number,
  bottom: number,
): { readonly from: number; readonly to: number } {
  const row = (y: number): number => (y - section.top - HEADING) / (side + GAP)
  const from = Math.max(0, Math.floor(row(top))) * columns
  const to = Math.max(0, Math.ceil(row(bottom))) * columns
  return { from: Math.min(from, section.count), to: Math.min(to, section.count) }
}

/** Returns the top left corner of a section's item. */
export function boxOf({ columns, side }: Layout, section: Section, item: number): Box {
  return {
    top: section.top + HEADING + Math.floor(item / columns) * (side + GAP),
    left: (item % columns) * (side + GAP),
  }
}

/** Returns the section that contains the item at this position of the whole gallery. */
export function sectionOf({ sections }: Layout, index: number): Section | undefined {
  return sections[lastAtOrBefore(sections, (section) => section.start <= index)]
}

function lastAtOrBefore(sections: readonly Section[], holds: (section: Section) => boolean): number {
  let low = 0
  let high = sections.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (holds(sections[middle]!)) low = middle
    else high = middle - 1
  }
  return low
}
