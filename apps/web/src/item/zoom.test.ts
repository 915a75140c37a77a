import { expect, test } from 'vitest'
import { fitScale, zoomed, zoomWords } from './zoom.ts'

const LARGE = { width: 4000, height: 3000 }
const WINDOW = { width: 1000, height: 600 }

test('a picture that fits has as many screen pixels a pixel as there is room for', () => {
  expect(fitScale(LARGE, WINDOW, 1)).toBe(0.2)
  expect(fitScale(LARGE, WINDOW, 2)).toBe(0.4)
})

test('from fit one zooms in by 1:1 to eight times, and back to fit', () => {
  const steps = ['fit' as const, 0.25, 0.5, 1, 2, 4, 8]
  for (const [n, step] of steps.entries()) {
    expect(zoomed(step, 1, 0.2)).toBe(steps[n + 1])
    expect(zoomed(step, -1, 0.2)).toBe(n === 0 ? undefined : steps[n - 1])
  }
})

test('a picture smaller than its window has 1:1 below fit', () => {
  expect(zoomed('fit', -1, 3)).toBe(2)
  expect(zoomed(2, -1, 3)).toBe(1)
  expect(zoomed(1, -1, 3)).toBe(undefined)
  expect(zoomed('fit', 1, 3)).toBe(4)
})

test('zooms have words', () => {
  expect([zoomWords('fit'), zoomWords(1), zoomWords(0.25)]).toEqual(['Fit', '100 %', '25 %'])
})
