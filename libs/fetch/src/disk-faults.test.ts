import { execFile, execFileSync } from 'node:child_process'
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { scene } from './servers.fixture.ts'

const SCRIPT = fileURLToPath(new URL('./disk-child.fixture.ts', import.meta.url))
const run = promisify(execFile)

function mayInject(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// Faults of a disk need strace with the right to trace.
test.skipIf(!mayInject()).each([
  ['write:error=ENOSPC:when=3', 'disk_enospc'],
  ['write:error=EIO:when=70', 'disk_eio'],
  // The system tells of it once: whoever syncs the file after us would hear nothing.
  ['fdatasync:error=EIO:when=1', 'disk_eio'],
])('a large file on a disk with %s: failed with the cause, and nothing is left', async (fault, code) => {
  const { path } = await scene([])
  const calls = fault.slice(0, fault.indexOf(':'))
  const { stdout } = await run(
    'strace',
    ['-f', '-qq', '-o', '/dev/null', '-P', path, '-e', `trace=${calls}`, '-e', `inject=${fault}`].concat(
      process.execPath,
      SCRIPT,
      path,
    ),
    { env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' } },
  )
  expect(stdout).toBe(code)
  await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' })
})
