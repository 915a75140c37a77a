import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes } from '@mediakeep/checksum'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Blocks, type Block } from './blocks.ts'
import { FileThreads } from './file-threads.ts'
import { sampleBytes } from './servers.fixture.ts'

function openThreads(): FileThreads {
  const threads = new FileThreads()
  onTestFinished(() => threads.close())
  return threads
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

function blockOf(bytes: Buffer): Block {
  const block = new Blocks().take()
  bytes.copy(block)
  return block
}

describe('small files in threads', () => {
  it('are hashed and written each as it is, however many come at once', async () => {
    const [threads, folder] = [openThreads(), await makeFolder()]
    const files = Array.from({ length: 40 }, (_, n) => sampleBytes(n * 6_000 + 1).subarray(n))
    const writings = files.map((file, n) =>
      threads.write(join(folder, `${n}`), blockOf(file), file.length, n % 2 === 0),
    )
    const written = await Promise.all(writings.map((writing) => writing.written))
    await Promise.all(writings.map((writing) => writing.closed))
    expect(written).toEqual(files.map(digestBytes))
    const stored = await Promise.all(files.map((_, n) => readFile(join(folder, `${n}`))))
    expect(stored.map(digestBytes)).toEqual(files.map(digestBytes))
  })

  it('that cannot be written fail alone, with what the system said', async () => {
    const [threads, folder] = [openThreads(), await makeFolder()]
    const lost = threads.write(join(folder, 'no/such/folder'), blockOf(sampleBytes(9)), 9, true)
    const kept = threads.write(join(folder, 'kept'), blockOf(sampleBytes(9)), 9, true)
    await expect(lost.written).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
    await kept.closed
    expect(await readFile(join(folder, 'kept'))).toEqual(sampleBytes(9))
  })

  it('fail with their thread when it ends, and the next ones have another', async () => {
    const [threads, folder] = [openThreads(), await makeFolder()]
    const path = join(folder, 'file')
    const lost = threads.write(path, blockOf(sampleBytes(9)), 9, true)
    const settled = Promise.allSettled([lost.written, lost.closed])
    await threads.close()
    const failed = { status: 'rejected', reason: { fate: 'failed', code: 'digest_thread' } }
    expect(await settled).toMatchObject([failed, failed])
    await threads.write(path, blockOf(sampleBytes(9)), 9, true).closed
    expect(await readFile(path)).toEqual(sampleBytes(9))
  })
})
