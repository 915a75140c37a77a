import { PDFDocument } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { InspectionFailedError } from '@mediakeep/content'
import { createPdfReader } from './document.ts'
import { createInspector } from './inspector.ts'
import { fileOf, inspect, inspector, noise, verdict } from './samples.fixture.ts'
import { ACCEPTED } from './media-kinds.ts'
import { inspectRecording } from './recording.ts'
import { makeVideo, VIDEO_FORMATS } from './video.fixture.ts'
import { makeZip } from './zip.fixture.ts'

test.each([
  ['empty', ''],
  ['html', '<!DOCTYPE html><html><body>Please sign in</body></html>'],
  ['html', '\uFEFF \n<!-- login --><html lang="en">'],
  ['html', '<div>expired</div>'],
  ['html', Buffer.from('\uFEFF<html><body>wide</body></html>', 'utf16le')],
  ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['svg', '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n<svg/>'],
  ['javascript', '/* lib */ (function () { alert(1) })()'],
  ['javascript', '"use strict"; var a = 1'],
  ['unknown_type', '{"error":"URL signature expired"}'],
  ['unknown_type', 'just text'],
  ['unknown_type', 'BM is no <script>alert(1)</script> bitmap, though it begins so'],
  ['unknown_type', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
  ['undecodable', Buffer.from('ID3\x03\x00sound', 'latin1')],
  ['executable', Buffer.from('\x7fELF\x02\x01\x01', 'latin1')],
  ['undecodable', Buffer.concat([Buffer.from('GIF89a/*\x00\x00\x00\x00*/=1;alert(1)')])],
  ['truncated', Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from('<script>alert(1)</script>')])],
])('rejects what is no media: %s', async (code, bytes) => {
  expect(await verdict(bytes)).toBe(code)
})

describe.each(VIDEO_FORMATS)('%s', (format) => {
  test('gives size and duration', async () => {
    expect(await inspect(await makeVideo(format))).toEqual({
      mediaType: 'video',
      mimeType: { webm: 'video/webm', quicktime: 'video/quicktime' }[format as string] ?? 'video/mp4',
      extension: { webm: 'webm', quicktime: 'mov' }[format as string] ?? 'mp4',
      width: 320,
      height: 240,
      durationMs: 2000,
    })
  })

  test('is rejected when it was cut off', async () => {
    const bytes = await makeVideo(format)
    for (const share of [0.2, 0.6, 0.95]) {
      expect(await verdict(bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('truncated')
    }
  })
})

test('rejects a stream of which only the beginning came, cut between two boxes', async () => {
  const bytes = await makeVideo('mp4 in fragments')
  const end = bytes.indexOf('moof') - 4
  expect(await verdict(bytes.subarray(0, end))).toBe('truncated')
})

test('rejects a video without a video track', async () => {
  const bytes = await makeVideo('mp4 for streaming')
  expect(await verdict(bytes.subarray(0, bytes.readUInt32BE(0)))).toBe('undecodable')
})

async function makePdf(): Promise<Buffer> {
  const document = await PDFDocument.create()
  document.addPage([200, 300]).drawText('A page')
  return Buffer.from(await document.save())
}

test('takes a document that has pages, and rejects one that was cut off or is none', async () => {
  const bytes = await makePdf()
  expect(await inspect(bytes)).toEqual({
    mediaType: 'document',
    mimeType: 'application/pdf',
    extension: 'pdf',
  })
  expect(await verdict(bytes.subarray(0, bytes.length >> 1))).toBe('truncated')
  expect(await verdict('%PDF-1.7\n<script>alert(1)</script>\n%%EOF')).toBe('undecodable')
  expect(await verdict(await makePdf())).toBe('kept')
})

test('takes office documents, and no other archive', async () => {
  const type = 'application/vnd.openxmlformats-officedocument.presentationml.presentation'
  const part = `<Override PartName="/ppt/presentation.xml" ContentType="${type}.main+xml"/>`
  const bytes = makeZip({ '[Content_Types].xml': `<Types>${part}</Types>`, 'ppt/presentation.xml': '<p/>' })
  expect(await inspect(bytes)).toEqual({ mediaType: 'document', mimeType: type, extension: 'pptx' })
  expect(await verdict(bytes.subarray(0, -22))).toBe('truncated')
  expect(await verdict(makeZip({ 'virus.exe': 'MZ' }))).toBe('unknown_type')
})

test('rejects at little cost a video that consists of millions of empty boxes', async () => {
  const bytes = Buffer.alloc(20 * 1024 * 1024)
  for (let at = 0; at < bytes.length; at += 8) bytes.write('\0\0\0\x08free', at, 'latin1')
  bytes.write('\0\0\0\x10ftypmp42', 0, 'latin1')
  const before = process.cpuUsage()
  expect(await verdict(bytes)).toBe('too_many_parts')
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
})

test('ends a document that takes too long, and does not take its answer for that of the next', async () => {
  const reader = createPdfReader()
  const [slow, next] = [await fileOf('%PDF-1.7 cut off'), await fileOf(await makePdf())]
  await expect(reader.inspect(slow, AbortSignal.timeout(1))).rejects.toMatchObject({
    name: 'AbortError',
  })
  await reader.inspect(next, AbortSignal.timeout(20_000))
})

test('gives up in time, and when told to', async () => {
  const path = await fileOf(await noise(1500, 1500).avif({ effort: 0 }).toBuffer())
  const late: unknown = await createInspector({ timeoutMs: 1 })
    .inspect(path)
    .catch((error: unknown) => error)
  expect(late).toBeInstanceOf(InspectionFailedError)
  expect(late).toMatchObject({ code: 'timeout' })
  await expect(inspector.inspect(path, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
  await expect(inspector.inspect(path, AbortSignal.timeout(1))).rejects.toMatchObject({
    name: 'TimeoutError',
  })
})

test('passes on what the disk says', async () => {
  await expect(inspector.inspect('/nowhere/none')).rejects.toMatchObject({ code: 'ENOENT' })
  // Simulates a disk fault between two reads of the file.
  await expect(inspectRecording('/nowhere/none', ACCEPTED['video/mp4']!)).rejects.toMatchObject({
    code: 'ENOENT',
  })
  const reader = createPdfReader()
  const opened = reader.inspect('/nowhere/none', AbortSignal.timeout(20_000))
  await expect(opened).rejects.toMatchObject({ code: 'ENOENT' })
  await reader.inspect(await fileOf(await makePdf()), AbortSignal.timeout(20_000))
})
