import { execFile, execFileSync } from 'node:child_process'
import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { scene } from './servers.fixture.ts'

const SCRIPT = fileURLToPath(new URL('./disk-child.fixture.ts', import.meta.url))
const run = promisify(execFile)
const SMALL = 20_000
const LARGE = 20_000_000

function mayInject(): boolean {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

// Simulating disk faults needs strace and permission to trace.
test.skipIf(!mayInject()).each([
  ['write:error=ENOSPC:when=3', 'disk_enospc', LARGE],
  ['write:error=EIO:when=70', 'disk_eio', LARGE],
  ['write:error=ENOSPC:when=1', 'disk_enospc', SMALL],
  // The system reports this error only once: a later sync of the file would not see it.
  ['fdatasync:error=EIO:when=1', 'disk_eio', LARGE],
])('on a disk with %s: %s, and nothing is left of %i bytes', async (fault, code, size) => {
  const { path } = await scene([])
  expect(await fetchOnto(path, size, fault)).toBe(code)
  await expect(access(path)).rejects.toMatchObject({ code: 'ENOENT' })
})

// The fetch has finished by then: the caller that requested the sync owns the file.
test.skipIf(!mayInject()).each([
  ['fsync:error=EIO:when=1', SMALL],
  ['fsync:error=EIO:when=1', LARGE],
  ['fdatasync:error=EIO:when=1', LARGE],
])('who waits for the sync is told of %s: %i bytes', async (fault, size) => {
  const { path } = await scene([])
  expect(await fetchOnto(path, size, fault, true)).toBe('disk_eio')
})

async function fetchOnto(path: string, size: number, fault: string, sync = false): Promise<string> {
  const calls = fault.slice(0, fault.indexOf(':'))
  const options = ['-P', path, '-e', `trace=${calls}`, '-e', `inject=${fault}`]
  const { stdout } = await run(
    'strace',
    ['-f', '-qq', '-o', '/dev/null', ...options, process.execPath, SCRIPT, path, String(size), String(sync)],
    { env: { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' } },
  )
  return stdout
}
