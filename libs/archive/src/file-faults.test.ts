import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFileArchive } from './file-archive.ts'
import { sourceOf } from './harness.fixture.ts'

const CHILD = fileURLToPath(new URL('file-child.fixture.ts', import.meta.url))
const TEXT = 'what is to be archived'
const { key } = sourceOf(Buffer.from(TEXT))
// Simulating disk faults needs strace and permission to trace.
const withFaults = test.skipIf(spawnSync('strace', ['-o', '/dev/null', 'true']).status !== 0)

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'file-archive-'))
  await openFileArchive(root)
  expect(await inChild('put', 'kept')).toBe('stored')
})
afterEach(() => rm(root, { recursive: true }))

async function inChild(what: string, text: string, prefix: readonly string[] = []): Promise<unknown> {
  const [file, ...rest] = [...prefix, process.execPath, CHILD, root, what, text]
  // A single file system thread makes the injected faults hit the calls in order.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: '' }
  return JSON.parse((await promisify(execFile)(file, rest, { env })).stdout)
}

const injecting = (fault: string, ...filter: string[]): string[] => [
  ...['strace', '-f', '-qq', '-o', '/dev/null', ...filter],
  ...['-e', `trace=${fault.slice(0, fault.indexOf(':'))}`, '-e', `inject=${fault}`],
]

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

const here = async (): Promise<string[]> => (await filesIn(root)).sort()

test('a process out of file descriptors is named, and leaves nothing', async () => {
  const before = await filesIn(root)
  const failure = await inChild('exhaust', TEXT, ['sh', '-c', 'ulimit -n 60; exec "$@"', 'sh'])
  expect(failure).toMatchObject({ name: 'ArchiveError', code: 'io' })
  expect(JSON.stringify(failure)).toContain('EMFILE')
  expect(await filesIn(root)).toEqual(before)
})

withFaults.each([
  'fsync:error=EIO:when=1',
  'fsync:error=EIO:when=2',
  '/^rename:error=EIO:when=1',
  '/^rename:error=EIO:when=2',
])('a failing disk (%s) is named, and no object is to be seen', async (fault) => {
  const before = await here()
  const failure = await inChild('put', TEXT, injecting(fault))
  expect(failure).toMatchObject({ name: 'ArchiveError', code: 'io' })
  expect(JSON.stringify(failure)).toContain('EIO')
  expect(await here()).toEqual(before)
  const archive = await openFileArchive(root)
  expect(await archive.head(key)).toBeUndefined()
  expect(await archive.put(sourceOf(Buffer.from(TEXT)))).toBe('stored')
})

withFaults('an object whose name may not survive is stored only once that was made good', async () => {
  const failure = { name: 'ArchiveError', code: 'io', message: expect.stringContaining('EIO') as string }
  // Syncs the file, its digest, then the folder; a later put that finds the object still has to sync the folder.
  expect(await inChild('put', TEXT, injecting('fsync:error=EIO:when=3'))).toMatchObject(failure)
  expect(await inChild('put', TEXT, injecting('fsync:error=EIO:when=1'))).toMatchObject(failure)
  const trace = join(root, 'trace')
  const prefix = ['strace', '-f', '-qq', '-y', '-o', trace, '-e', 'trace=fsync']
  expect(await inChild('put', TEXT, prefix)).toBe('present')
  const synced = [...(await readFile(trace, 'utf8')).matchAll(/fsync\(\d+<(.*?)>/g)].map(([, path]) => path)
  expect(synced).toEqual([join(root, key, '..'), join(root, 'media'), root])
})

withFaults.each([
  // The first check happens on opening.
  ['an object', '/^p?read:error=EIO', key],
  ['its marker', '/^f?access:error=EIO:when=2+', '.mediakeep-archive'],
])('a disk that cannot read %s is named', async (_what, fault, path) => {
  expect(await inChild('put', TEXT)).toBe('stored')
  const failure = await inChild('verify', TEXT, injecting(fault, '-P', join(root, path)))
  expect(failure).toMatchObject({ name: 'ArchiveError', code: 'io' })
  expect(JSON.stringify(failure)).toContain('EIO')
})

withFaults('bytes and names are made durable, in this order', async () => {
  const trace = join(root, 'trace')
  const prefix = ['strace', '-f', '-qq', '-y', '-o', trace, '-e', 'trace=fsync,/^rename']
  expect(await inChild('put', TEXT, prefix)).toBe('stored')
  const lines = (await readFile(trace, 'utf8')).trim().split('\n')
  const calls = lines.map((line) => {
    const call = /(?:fsync|rename)/.exec(line)?.[0] ?? ''
    return `${call} ${line.includes('/.tmp/') ? 'file' : 'folder'}`
  })
  const whole = ['fsync file', 'fsync file', 'rename file', 'rename file', 'fsync folder']
  expect(calls.slice(0, 5)).toEqual(whole)
  expect(lines[4]).toContain(`<${join(root, key, '..')}>`)
})
