import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { MEBIBYTE } from './harness.fixture.ts'
import type { S3ArchiveOptions } from './s3-archive.ts'
import { archiveOptions, cephTarget, createBucket, startFake } from './s3-harness.fixture.ts'

/** 250 MB. */
const LIMIT_MEBIBYTES = 250e6 / MEBIBYTE
const CHILD = fileURLToPath(new URL('memory-child.fixture.ts', import.meta.url))

async function uploadElsewhere(options: S3ArchiveOptions, mebibytes: number): Promise<unknown> {
  const child = await promisify(execFile)(process.execPath, [CHILD, JSON.stringify([options, mebibytes])])
  return JSON.parse(child.stdout)
}

const fits = {
  result: 'stored',
  check: 'ok',
  peakMebibytes: expect.toSatisfy((peak) => peak < LIMIT_MEBIBYTES) as number,
}
const byDefault = { multipartThreshold: 100 * MEBIBYTE, partSize: 8 * MEBIBYTE }

const fake = await startFake()
afterAll(() => fake.stop())

test('an upload of 300 MiB in parts stays small', { timeout: 120_000 }, async () => {
  const options = { ...archiveOptions(fake, await createBucket(fake)), ...byDefault }
  expect(await uploadElsewhere(options, 300)).toEqual(fits)
})

const ceph = cephTarget()
describe.skipIf(!ceph)('on Ceph', () => {
  test.each([
    ['in parts', byDefault],
    ['as one stream', { multipartThreshold: 2048 * MEBIBYTE }],
  ])('an upload of 1 GiB %s stays small', { timeout: 300_000 }, async (_, sizes) => {
    const options = { ...archiveOptions(ceph!, await createBucket(ceph!)), ...sizes }
    expect(await uploadElsewhere(options, 1024)).toEqual(fits)
  })
})
