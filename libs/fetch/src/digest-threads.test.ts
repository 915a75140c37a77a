import { digestBytes } from '@mediakeep/checksum'
import { describe, expect, it, onTestFinished } from 'vitest'
import { BLOCK_BYTES, Blocks } from './blocks.ts'
import { DigestThreads, type ThreadDigest } from './digest-threads.ts'
import { sampleBytes } from './servers.fixture.ts'

function openThreads(): DigestThreads {
  const threads = new DigestThreads()
  onTestFinished(() => threads.close())
  return threads
}

async function feed(digest: ThreadDigest, bytes: Buffer): Promise<void> {
  const block = new Blocks().take()
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    await digest.update(block, bytes.copy(block, 0, start))
  }
}

describe('hashing in threads', () => {
  it('gives the digests of each of many files that come at once', async () => {
    const threads = openThreads()
    const files = [1, 2, 3, 4, 5, 6, 7].map((n) => sampleBytes(n * 300_001).subarray(n))
    const digests = files.map(() => threads.begin())
    await Promise.all(files.map((file, index) => feed(digests[index]!, file)))
    expect(await Promise.all(digests.map((digest) => digest.digests()))).toEqual(files.map(digestBytes))
  })

  it('counts nothing of a file that was dropped into another, and no more of itself', async () => {
    const threads = openThreads()
    const file = sampleBytes(BLOCK_BYTES * 2)
    const [dropped, kept] = [threads.begin(), threads.begin()]
    await Promise.all([feed(dropped, file.subarray(5)), feed(kept, file)])
    dropped.drop()
    await dropped.update(new Blocks().take(), 5)
    expect(await kept.digests()).toEqual(digestBytes(file))
  })

  it('fails the files of a thread that ends, and takes another for the next', async () => {
    const threads = openThreads()
    const lost = threads.begin()
    const updates = Array.from({ length: 100 }, () => lost.update(new Blocks().take(), BLOCK_BYTES))
    const settled = Promise.allSettled(updates)
    await updates[0]
    await threads.close()
    expect((await settled).at(-1)).toMatchObject({ reason: { fate: 'failed', code: 'digest_thread' } })
    await expect(lost.digests()).rejects.toMatchObject({ fate: 'failed', code: 'digest_thread' })
    const next = threads.begin()
    await feed(next, sampleBytes(1000))
    expect(await next.digests()).toEqual(digestBytes(sampleBytes(1000)))
  })
})
