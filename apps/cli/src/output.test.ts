import { expect, test } from 'vitest'
import { formatBytes, table } from './output.ts'

test('bytes are said in the largest unit that keeps them above 1', () => {
  expect([0, 1023, 1024, 1_468_006, 10 * 1024 ** 3].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.4 MiB',
    '10.0 GiB',
  ])
})

test('columns of a table are aligned and lines have no trailing space', () => {
  expect(
    table([
      ['fate', 'rows'],
      ['fetched', '21'],
      ['gone', ''],
    ]),
  ).toEqual(['fate     rows', 'fetched  21', 'gone'])
})
