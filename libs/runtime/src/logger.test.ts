import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('a process goes on when its log cannot be written, as on a full disk', () => {
  const full = openSync('/dev/full', 'w')
  const program = `import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'logger.ts'))}
    const log = createLogger({ logLevel: 'info' })
    log.info('lost')
    setTimeout(() => { log.info('lost too'); console.log('went on') }, 10)`
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', full],
    encoding: 'utf8',
  })
  closeSync(full)
  expect([ended.status, ended.stdout]).toEqual([0, 'went on\n'])
})
