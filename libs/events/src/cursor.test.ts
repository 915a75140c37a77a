import { expect, test } from 'vitest'
import { compareCursors, cursorBehind, formatCursor, parseCursor } from './cursor.ts'

test('cursors of a batch come in order, and the last one stands behind the whole event', () => {
  const cursors = [0, 1, 2]
    .map((index) => cursorBehind('5e0c1a2b', 7, index, 3))
    .concat(cursorBehind('5e0c1a2b', 8, 0, 1))
  expect(cursors.map(formatCursor)).toEqual(['5e0c1a2b-6.1', '5e0c1a2b-6.2', '5e0c1a2b-7', '5e0c1a2b-8'])
  expect(cursors.map((cursor) => parseCursor(formatCursor(cursor)))).toEqual(cursors)
  expect(cursors.toReversed().toSorted(compareCursors)).toEqual(cursors)
})

test.each(['', '-1', '1.', '.1', '1.2.3', 'abc', '1e3', '99999999999999999', ' 1', '９'])(
  '%j is no cursor',
  (text) => expect(() => parseCursor(text)).toThrow(/is not a cursor/),
)
