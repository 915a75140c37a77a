import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildZip, type ZipMember } from '@mediakeep/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Container } from './container.ts'
import { failureOf, pathsIn, textOf } from './containers.fixture.ts'
import { openContainer } from './open-container.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zips-'))
})
afterAll(() => rm(folder, { recursive: true }))

let count = 0
const opened = async (bytes: Buffer): Promise<Container> => {
  const path = join(folder, `${count++}.zip`)
  await writeFile(path, bytes)
  return openContainer(path)
}
const good: ZipMember = { name: 'data/tweets.js', bytes: 'window.YTD = []' }
const refusedIn = (container: Container): string[] =>
  container.refused.map(({ path, code }) => `${code} ${path}`)

test('members are listed by path and read, stored and deflated, with names in any language', async () => {
  const container = await opened(
    buildZip([
      { name: 'data/größe/海.json', bytes: '[1]' },
      { name: 'data/', bytes: '' },
      { name: 'data/a.txt', bytes: 'stored', method: 0 },
      { name: 'data/empty.txt', bytes: '' },
      { name: '__MACOSX/data/._a.txt', bytes: 'x' },
      { name: 'data/.DS_Store', bytes: 'x' },
      good,
    ]),
  )
  expect(pathsIn(container)).toEqual(['data/a.txt', 'data/empty.txt', 'data/größe/海.json', 'data/tweets.js'])
  expect(container.refusedCount).toBe(0)
  expect(await textOf(container.find('data/größe/海.json'))).toBe('[1]')
  expect(await textOf(container.find('data/a.txt'))).toBe('stored')
  expect(await textOf(container.find('data/empty.txt'))).toBe('')
  expect(container.member(3).byteSize).toBe(15)
  expect(container.has('data/none')).toBe(false)
  expect(container.beside('data/', 'e')).toEqual(['data/empty.txt'])
  expect(await container.digest()).toMatch(/^[0-9a-f]{64}$/)
  await container.close()
})

test('Zip64 archives are read', async () => {
  const container = await opened(buildZip([{ ...good, zip64: true }], { zip64: true }))
  expect(await textOf(container.find(good.name as string))).toBe(good.bytes)
  await container.close()
})

test.each<[string, ZipMember, string]>([
  ['UTF-8 that is not announced', { name: 'größe.json', flags: 0 }, 'größe.json'],
  ['code page 437', { name: Buffer.from([0x67, 0x72, 0x94, 0x2e, 0x6a]), flags: 0 }, 'grö.j'],
  ['backslashes', { name: 'data\\a.json' }, 'data/a.json'],
  ['a leading dot', { name: './data/a.json' }, 'data/a.json'],
])('names with %s are read', async (_kind, member, path) => {
  const container = await opened(buildZip([member]))
  expect(pathsIn(container)).toEqual([path])
  await container.close()
})

describe('a hostile member is refused by name, the others are read', () => {
  test.each<[string, ZipMember, string]>([
    ['a path that leads out', { name: '../../etc/cron.d/x' }, 'path_outside ../../etc/cron.d/x'],
    ['a path that leads out with backslashes', { name: '..\\x' }, 'path_outside ..\\x'],
    ['an absolute path', { name: '/etc/passwd' }, 'path_outside /etc/passwd'],
    ['a drive', { name: 'C:/x' }, 'path_outside C:/x'],
    ['a symbolic link', { name: 'link', bytes: '/etc/passwd', mode: 0o120777 }, 'symbolic_link link'],
    ['a device', { name: 'tty', mode: 0o020666 }, 'unsupported tty'],
    ['an encrypted member', { name: 'secret', flags: 0x801 }, 'encrypted secret'],
    ['strong encryption', { name: 'secret', flags: 0x841 }, 'encrypted secret'],
    ['another compression', { name: 'a.bz2', method: 12 }, 'unsupported a.bz2'],
    ['a name that is not UTF-8', { name: Buffer.from([0xff, 0x41]) }, 'invalid_name \ufffdA'],
    ['a name with NUL', { name: 'a\0.json' }, 'invalid_name a.json'],
    ['data beyond the end', { name: 'far', compressedSize: 1e6 }, 'truncated far'],
    ['4 GB without their number', { name: 'lie', byteSize: 0xffffffff }, 'wrong_size lie'],
    ['two sizes of stored bytes', { name: 'lie', method: 0, bytes: 'abc', byteSize: 2 }, 'wrong_size lie'],
    ['a bomb', { name: 'bomb', bytes: Buffer.alloc(20 * 1024 * 1024) }, 'bomb bomb'],
    ['the name of another', { name: good.name, bytes: 'other' }, 'duplicate_name data/tweets.js'],
    ['the data of another', { name: 'twin', headerAt: 0 }, 'overlap twin'],
  ])('%s', async (_kind, member, refused) => {
    const container = await opened(buildZip([good, member, { name: 'z/last.json', bytes: '[]' }]))
    expect(refusedIn(container)).toEqual([refused])
    expect(pathsIn(container)).toEqual(['data/tweets.js', 'z/last.json'])
    expect(await textOf(container.find('data/tweets.js'))).toBe(good.bytes)
    await container.close()
  })

  test.each<[string, ZipMember, string]>([
    ['a wrong checksum', { name: 'a', bytes: 'abc', crc: 1 }, 'wrong_checksum'],
    ['more bytes than stated', { name: 'a', bytes: 'abcdef', byteSize: 3 }, 'wrong_size'],
    ['fewer bytes than stated', { name: 'a', bytes: 'abc', byteSize: 30 }, 'wrong_size'],
    ['truncated data', { name: 'a', bytes: 'abcabcabd'.repeat(99), compressedSize: 9 }, 'truncated'],
  ])('%s is found when it is read', async (_kind, member, code) => {
    const container = await opened(buildZip([member, good]))
    expect(await failureOf(container.find('a'))).toBe(code)
    expect(await textOf(container.find('data/tweets.js'))).toBe(good.bytes)
    await container.close()
  })
})

test('an archive without its end is refused as a whole', async () => {
  const whole = buildZip([good])
  await expect(opened(whole.subarray(0, whole.length - 30))).rejects.toMatchObject({ code: 'truncated' })
})

test('a damaged list of members ends there, and says so', async () => {
  const whole = buildZip([good, { name: 'z', bytes: 'z' }])
  whole.write('XX', whole.lastIndexOf('PK\x01\x02'))
  const container = await opened(whole)
  expect(refusedIn(container)).toEqual(['damaged '])
  expect(pathsIn(container)).toEqual(['data/tweets.js'])
  await container.close()
})

describe.each([0xffffffffn, 2n ** 53n, 2n ** 64n - 1n])('a position of %d', (position) => {
  /** The end of a Zip64 archive: its record (56 bytes), a pointer to the record (20), the end of plain archives (22). */
  const END = 56 + 20 + 22

  test('of the end of the archive refuses it as a whole', async () => {
    const whole = buildZip([good], { zip64: true })
    whole.writeBigUInt64LE(position, whole.length - END + 56 + 8)
    await expect(opened(whole)).rejects.toMatchObject({ code: 'truncated' })
  })

  test('of the list of members is found to be beyond the archive', async () => {
    const whole = buildZip([good], { zip64: true })
    whole.writeBigUInt64LE(position, whole.length - END + 48)
    const container = await opened(whole)
    expect(refusedIn(container)).toEqual(['damaged '])
    expect(pathsIn(container)).toEqual([])
    await container.close()
  })
})

test('data that are not where the list of members says are found when they are read', async () => {
  const whole = buildZip([good])
  whole.write('XX')
  const container = await opened(whole)
  expect(await failureOf(container.find('data/tweets.js'))).toBe('damaged')
  await container.close()
})

test('a million tiny members are listed in bounded memory', { timeout: 180_000 }, async () => {
  const bytes = manyMembers(1_000_000)
  const before = process.memoryUsage().rss
  const container = await opened(bytes)
  expect(container.memberCount).toBe(1_000_000)
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(500)
  expect(container.has('m0999999')).toBe(true)
  expect(container.beside('', 'm099999')).toHaveLength(10)
  expect(await textOf(container.find('m0123456'))).toBe('')
  await container.close()
})

/** Empty members `m0000000` and so on: the bytes of one, repeated with other names and positions. */
function manyMembers(count: number): Buffer {
  const one = buildZip([{ name: 'm0000000', method: 0 }], { zip64: true })
  const [local, central] = [one.subarray(0, 38), one.subarray(38, 38 + 54)]
  const end = Buffer.from(one.subarray(38 + 54))
  const bytes = Buffer.alloc(count * (local.length + central.length))
  const directory = count * local.length
  for (let n = 0; n < count; n++) {
    const name = `m${String(n).padStart(7, '0')}`
    local.copy(bytes, n * local.length)
    bytes.write(name, n * local.length + 30, 'latin1')
    const at = directory + n * central.length
    central.copy(bytes, at)
    bytes.write(name, at + 46, 'latin1')
    bytes.writeUInt32LE(n * local.length, at + 42)
  }
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(directory), 48)
  end.writeBigUInt64LE(BigInt(bytes.length), 64)
  return Buffer.concat([bytes, end])
}
