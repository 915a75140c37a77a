import { expect, test } from 'vitest'
import { elementHeight, scrolled, scrolledTo, TALLEST } from './tall-scroll.ts'

const short = { height: 10_000, viewport: 800 }
const tall = { height: 45_000_000, viewport: 800 }

test('what fits scrolls as it is', () => {
  expect(elementHeight(short)).toBe(10_000)
  for (const scrollTop of [0, 1, 500, 9_200])
    expect(scrolled({ scrollTop: 0, top: 0 }, scrollTop, short).top).toBe(scrollTop)
})

test('small steps move tall content as far as the finger, leaps go to the same share', () => {
  const middle = scrolled({ scrollTop: 0, top: 0 }, (TALLEST - 800) / 2, tall)
  expect(middle.top).toBe((tall.height - 800) / 2)
  expect(scrolled(middle, middle.scrollTop + 120, tall).top).toBe(middle.top + 120)
})

test('both ends can be reached, by steps too', () => {
  expect(scrolled({ scrollTop: 0, top: 0 }, TALLEST - 800, tall).top).toBe(tall.height - 800)
  expect(scrolled({ scrollTop: 90, top: 5_000 }, 0, tall).top).toBe(0)
})

test('a jump lands where it was told to', () => {
  for (const top of [0, 1_234_567, 44_000_000]) {
    const jumped = scrolledTo(top, tall)
    expect(jumped.top).toBe(top)
    expect(scrolled({ scrollTop: 0, top: 0 }, jumped.scrollTop, tall).top).toBeCloseTo(top, 0)
  }
})
