import { expect, test } from 'vitest'
import { boxOf, GAP, HEADING, itemsWithin, layOut, sectionOf, sectionsWithin } from './layout.ts'

const months = [
  { month: '2026-02', count: 7 },
  { month: '2026-01', count: 1 },
  { month: '2025-12', count: 30 },
]
const layout = layOut(months, 5 * 100 + 4 * GAP, 100)

test('squares fill the width, months follow one another', () => {
  expect(layout).toMatchObject({ columns: 5, side: 100, count: 38 })
  expect(layout.sections.map(({ start }) => start)).toEqual([0, 7, 8])
  expect(layout.height).toBe(3 * HEADING + (2 + 1 + 6) * (100 + GAP))
})

test('every item is within the stretch that it stands in, and no other row is', () => {
  for (const section of layout.sections)
    for (let item = 0; item < section.count; item++) {
      const { top } = boxOf(layout, section, item)
      const seen = itemsWithin(layout, section, top + 1, top + 99)
      expect(seen.from).toBe(item - (item % 5))
      expect(seen.to).toBe(Math.min(seen.from + 5, section.count))
      expect(sectionsWithin(layout, top + 1, top + 99)).toEqual([section])
      expect(sectionOf(layout, section.start + item)).toBe(section)
    }
})

test('an empty gallery has no sections', () => {
  const empty = layOut([], 320, 100)
  expect(empty.height).toBe(0)
  expect(sectionsWithin(empty, 0, 500)).toEqual([])
})
