import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { diskSpace } from './disk-space.ts'

test('a disk with space is ok', async () => {
  expect(await diskSpace(tmpdir())).toMatch(/^ok, \d+\.\d GiB free$/)
})

// A Linux file system that never has a free block.
test.runIf(process.platform === 'linux')('a full disk is not', async () => {
  await expect(diskSpace('/proc')).rejects.toThrow('the disk that holds /proc is full: 0 bytes are free')
})
