import type { NotMediaError } from '@mediakeep/content'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ACCEPTED } from './media-kinds.ts'
import { fileOf, noise } from './samples.fixture.ts'
import { createSniffer } from './sniffer.ts'

const { sniff } = createSniffer()

/** Expects the same verdict from a file as from its bytes in shared memory, as provided by downloads. */
async function verdict(bytes: Buffer | string): Promise<string> {
  const path = await fileOf(bytes)
  const given = Buffer.from(bytes)
  const shared = Buffer.from(new SharedArrayBuffer(given.length))
  given.copy(shared)
  const [read, looked] = await Promise.all([sniffed(path), sniffed(path, shared)])
  expect(looked).toBe(read)
  return read
}

async function sniffed(path: string, bytes?: Buffer): Promise<string> {
  try {
    return (await sniff(path, bytes)).mimeType
  } catch (error) {
    return (error as NotMediaError).code
  }
}

test.each([
  ['empty', ''],
  ['html', '<!DOCTYPE html><html><body>Please sign in</body></html>'],
  ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
  ['javascript', '"use strict"; var a = 1'],
  ['executable', '#!/bin/sh\nrm -rf ~'],
  ['executable', Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(57)])],
  ['playlist', '\uFEFF#EXTM3U\n#EXTINF:10,\nsegment1.ts\n'],
  [
    'playlist',
    '<?xml version="1.0"?>\n<!-- made by us --><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><title>a</title></MPD>',
  ],
  ['unknown_type', '{"error":"URL signature expired"}'],
])('says that it is no media, and decodes nothing: %s', async (code, bytes) => {
  expect(await verdict(bytes)).toBe(code)
})

test('gives the types of an image without its size, which only decoding tells', async () => {
  const bytes = await noise(64, 48).jpeg().toBuffer()
  expect(await sniff(await fileOf(bytes))).toEqual({
    mediaType: 'image',
    mimeType: 'image/jpeg',
    extension: 'jpg',
  })
})

test('sniffs at a bounded cost, whatever the file claims: its structure is for the inspection', async () => {
  const bytes = Buffer.alloc(20 * 1024 * 1024)
  for (let at = 0; at < bytes.length; at += 8) bytes.write('\0\0\0\x08free', at, 'latin1')
  bytes.write('\0\0\0\x10ftypmp42', 0, 'latin1')
  const path = await fileOf(bytes)
  const before = process.cpuUsage()
  expect(await sniff(path)).toMatchObject({ mediaType: 'video' })
  expect(process.cpuUsage(before).user).toBeLessThan(500_000)
})

test.each([
  ['audio/flac', Buffer.from('fLaC\0\0\0\x22', 'latin1')],
  ['audio/ogg', Buffer.from(`OggS\0\x02${'\0'.repeat(20)}\x01\x13OpusHead`, 'latin1')],
  ['video/vnd.avi', Buffer.from('RIFF\0\x10\0\0AVI LIST', 'latin1')],
  ['image/jxl', Buffer.from('ff0a3396d3348e4f', 'hex')],
  ['video/3gpp', Buffer.from('\0\0\0\x18ftyp3gp4\0\0\0\0isom3gp4', 'latin1')],
  ['application/pdf', Buffer.from('\n%PDF-1.7\n')],
  ['image/tiff', Buffer.concat([Buffer.from('II*\0\0\0\x10\0', 'latin1'), Buffer.alloc(100)])],
])('recognises %s', async (mimeType, bytes) => {
  expect(await verdict(bytes)).toBe(mimeType)
})

test('the documentation lists every type that is accepted', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/media-types.md'), 'utf8')
  for (const { mimeType, extension } of Object.values(ACCEPTED)) {
    expect(page).toContain(` ${extension} `)
    if (!mimeType.includes('officedocument')) expect(page).toContain(`\`${mimeType}\``)
  }
})
