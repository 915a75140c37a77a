import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { readConfig } from '@mediakeep/config'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { explain } from './explain.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

test.each([[['import', '/nope']], [['cache', 'adopt', '/nope']]])(
  '%j: a path that does not exist is wrong use, and is named',
  async (args) => {
    const { code, stderr } = await place.run(...args)
    expect([code, stderr]).toEqual([2, 'mediakeep: /nope does not exist. Check the path.\n'])
  },
)

test('an address that another program uses is named, with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, stderr } = await place.runWith({ PORT: String(port) }, 'serve', '--no-worker')
  other.close()
  expect(code).toBe(1)
  expect(stderr).toContain(
    `mediakeep: Another program already uses 127.0.0.1:${port}, perhaps another Mediakeep. Stop it, or set PORT to another port.\n`,
  )
})

test('a database that cannot be used is named, with its variable and what to do', async () => {
  const stderrWith = async (url: string): Promise<string> => {
    const { code, stderr } = await place.runWith({ DATABASE_URL: url }, 'stats')
    expect(code).toBe(1)
    return stderr
  }
  const url = new URL(place.db.url)
  const server = `The database server ${url.hostname}:${url.port} (DATABASE_URL)`
  const changed = (change: Partial<URL>): string => Object.assign(new URL(url), change).href
  expect(await stderrWith('postgresql://me:secret@127.0.0.1:9/posts')).toBe(
    'mediakeep: The database server 127.0.0.1:9 (DATABASE_URL) refuses connections. Check that PostgreSQL runs there, and the port.\n',
  )
  // Two addresses: Node.js reports both at once, without a message.
  expect(await stderrWith('postgresql://me:secret@localhost:9/posts')).toContain(
    'localhost:9 (DATABASE_URL) refuses connections',
  )
  expect(await stderrWith(changed({ pathname: '/nothing_here' }))).toContain(
    `${server} has no database "nothing_here". Create it: CREATE DATABASE nothing_here.`,
  )
  expect(await stderrWith(changed({ username: 'nobody_here' }))).toContain(
    `${server} refuses the password of "nobody_here"`,
  )
})

test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])(
  'a database whose certificate is of a private authority: %s names the setting for the authority',
  (code) => {
    const config = readConfig({ DATABASE_URL: 'postgresql://me@db.example/posts?sslmode=require' })
    const { message, exitCode } = explain(Object.assign(new Error('certificate'), { code }), config)
    expect(exitCode).toBe(1)
    expect(message).toContain(
      'The database server db.example:5432 (DATABASE_URL) has a certificate of an authority',
    )
    expect(message).toContain('DATABASE_URL: &sslrootcert=/path/to/ca.pem')
  },
)

test('an error of the file system says what is wrong with which path', () => {
  const error = Object.assign(new Error('EROFS: read-only file system, open'), {
    code: 'EROFS',
    path: '/a/b',
  })
  expect(explain(error)).toEqual({
    message: '/a/b is on a read-only file system. Choose another folder, or mount it for writing.',
    exitCode: 1,
  })
})

test('an error that nobody expected keeps its stack', () => {
  const error = new TypeError('x is not a function')
  expect(explain(error, readConfig({}))).toEqual({ message: error.stack, exitCode: 1 })
})

test('help and wrong use load nothing that only the work needs', async () => {
  const heavy = ['@mediakeep/runtime', '@prisma/client', '/pino/', '@aws-sdk', '/pg/']
  for (const args of [['--help'], ['list', '--help'], ['token', 'create', '--help']]) {
    const { stdout, stderr } = await place.runWith({ NODE_DEBUG: 'esm,module' }, ...args)
    expect(stdout).toContain('Usage: mediakeep')
    expect(stderr).toContain('commander')
    for (const part of heavy) expect(stderr).not.toContain(part)
  }
})
