import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InspectionFailedError, NotMediaError } from '@mediakeep/content'
import { chooseIsolation, IsolationError, noIsolation } from '@mediakeep/sandbox'
import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { fileOf, noise } from './samples.fixture.ts'
import { openSandboxedInspector } from './sandboxed-inspector.ts'

const hasNamespaces = await chooseIsolation('namespace', []).then(
  () => true,
  (error: unknown) => !(error instanceof IsolationError),
)
const inspector = openSandboxedInspector({ isolation: noIsolation, concurrency: 2 })
afterAll(() => inspector.close())

test('decodes in other processes, and says what the decoder said', async () => {
  const bytes = await noise(64, 48).jpeg().toBuffer()
  const [good, cut, none] = [
    await fileOf(bytes),
    await fileOf(bytes.subarray(0, -20)),
    await fileOf('<html>'),
  ]
  expect(await inspector.inspect(good)).toMatchObject({ mimeType: 'image/jpeg', width: 64, height: 48 })
  for (const [path, code] of [
    [cut, 'truncated'],
    [none, 'html'],
  ] as const) {
    const error = await inspector.inspect(path).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(NotMediaError)
    expect(error).toMatchObject({ code })
  }
  await expect(inspector.inspect('/nowhere/none')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a file that needs more memory than one may have fails alone', async () => {
  const strict = openSandboxedInspector({
    isolation: noIsolation,
    concurrency: 1,
    maxMemoryBytes: 120 * 1024 ** 2,
  })
  try {
    // Decoding an interlaced picture needs all its pixels in memory; one colour makes it in a second.
    const flat = sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#888' } })
    const large = await fileOf(await flat.png({ progressive: true }).toBuffer())
    const small = await fileOf(await noise(64, 48).jpeg().toBuffer())
    const [first, second] = await Promise.allSettled([large, small].map((path) => strict.inspect(path)))
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(InspectionFailedError) as Error })
    expect(first).toMatchObject({ reason: { code: 'memory' } })
    expect(second).toMatchObject({ status: 'fulfilled', value: { width: 64 } })
  } finally {
    await strict.close()
  }
})

test('a file that takes too long fails, and may be looked at again', async () => {
  const hasty = openSandboxedInspector({ isolation: noIsolation, concurrency: 1, timeoutMs: 1 })
  try {
    const path = await fileOf(await noise(1500, 1500).avif({ effort: 0 }).toBuffer())
    const late: unknown = await hasty.inspect(path).catch((error: unknown) => error)
    expect(late).toBeInstanceOf(InspectionFailedError)
    expect(late).toMatchObject({ code: 'timeout', message: 'The file takes too long' })
  } finally {
    await hasty.close()
  }
})

test('a machine that cannot decode a known-good file says so, and blames no file', async () => {
  await inspector.probe()
  const starved = openSandboxedInspector({
    isolation: noIsolation,
    concurrency: 1,
    maxMemoryBytes: 30 * 1024 ** 2,
  })
  try {
    await expect(starved.probe()).rejects.toMatchObject({ code: 'inspector_unavailable' })
    expect(starved.version).not.toBe(inspector.version)
  } finally {
    await starved.close()
  }
})

test('stops when told to', async () => {
  const bytes = await noise(1500, 1500).avif({ effort: 0 }).toBuffer()
  await expect(inspector.inspect(await fileOf(bytes), AbortSignal.timeout(5))).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})

test.for(['namespace', 'permission', 'none'] as const)(
  'decodes pictures, documents and videos at the rung %s',
  { timeout: 60_000 },
  async (rung, { skip }) => {
    if (rung === 'namespace' && !hasNamespaces) skip()
    const media = join(import.meta.dirname, '../../../sample/media')
    const isolation = await chooseIsolation(rung, [media, tmpdir()])
    const isolated = openSandboxedInspector({ isolation, concurrency: 1 })
    try {
      for (const [name, facts] of [
        ['meadow.jpg', { mimeType: 'image/jpeg' }],
        ['chart.webp', { mimeType: 'image/webp' }],
        ['slide.png', { mimeType: 'image/png', width: 1280 }],
        ['report.pdf', { mimeType: 'application/pdf' }],
        ['clip.mp4', { mimeType: 'video/mp4' }],
      ] as const)
        expect(await isolated.inspect(join(media, name))).toMatchObject(facts)
      await isolated.probe()
    } finally {
      await isolated.close()
    }
  },
)
