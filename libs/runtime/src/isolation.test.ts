import { tmpdir } from 'node:os'
import { readConfig } from '@mediakeep/config'
import { expect, test } from 'vitest'
import { openIsolation } from './isolation.ts'

test('a path in DECODER_READABLE that does not exist is an error, and does not end isolation', async () => {
  const config = readConfig({ DECODER_READABLE: `${tmpdir()},/nowhere/models` })
  await expect(openIsolation(config, { root: tmpdir() })).rejects.toThrow(
    'DECODER_READABLE names /nowhere/models, which does not exist.',
  )
})
