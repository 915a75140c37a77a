import { createSocket } from 'node:dgram'
import { promises as dns } from 'node:dns'
import { rm, writeFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openDnsResolver } from './dns-resolver.ts'
import { hostsFile } from './hosts-file.ts'

/** Answers A queries with 93.184.216.34 and others with nothing; names that begin with `dead` get no answer. */
async function nameServer(): Promise<{ server: string; asked: () => number }> {
  const socket = createSocket('udp4')
  let asked = 0
  socket.on('message', (question, from) => {
    asked++
    const label = question.toString('latin1', 13, 13 + question[12]!)
    if (label.startsWith('dead')) return
    const end = question.indexOf(0, 12) + 5
    const isA = question.readUInt16BE(end - 4) === 1
    const isKnown = !label.startsWith('none')
    const head = Buffer.from(question.subarray(0, end))
    head.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2)
    head.writeUInt16BE(isA && isKnown ? 1 : 0, 6)
    head.writeUInt32BE(0, 8)
    const record = Buffer.from('c00c00010001000000050004' + '5db8d822', 'hex')
    socket.send(isA && isKnown ? Buffer.concat([head, record]) : head, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  return { server: `127.0.0.1:${socket.address().port}`, asked: () => asked }
}

const NO_HOSTS = { addressesOf: () => Promise.resolve([]) }

it('asks DNS, and says when a name has no address', async () => {
  const { server } = await nameServer()
  const resolver = openDnsResolver({ servers: [server], hosts: NO_HOSTS })
  expect(await resolver.lookup('cdn.example', false)).toEqual([{ address: '93.184.216.34', family: 4 }])
  await expect(resolver.lookup('none.example', false)).rejects.toThrow(/ENOTFOUND/)
})

it('64 names whose servers are dead hold up neither other names nor those of the system, and end in time', async () => {
  const { server } = await nameServer()
  const resolver = openDnsResolver({ servers: [server], hosts: NO_HOSTS })
  const started = performance.now()
  const dead = Array.from({ length: 64 }, (_, index) => resolver.lookup(`dead${index}.example`, false))
  const ends = Promise.allSettled(dead)
  await resolver.lookup('cdn.example', false)
  await dns.lookup('localhost')
  expect(performance.now() - started).toBeLessThan(1500)
  for (const { status } of await ends) expect(status).toBe('rejected')
  expect(performance.now() - started).toBeLessThan(15_000)
})

it('knows the names of the hosts file first, as it is now, and asks the system for allowed hosts', async () => {
  const { server, asked } = await nameServer()
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-hosts-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'hosts')
  const resolver = openDnsResolver({ servers: [server], hosts: hostsFile(path) })
  expect(await resolver.lookup('cdn.example', false)).toEqual([{ address: '93.184.216.34', family: 4 }])
  const before = asked()
  await writeFile(
    path,
    '# none\n203.0.113.9\tother CDN.example # here\n2001:db8::1 cdn.example\nnonsense cdn.example\n',
  )
  expect(await resolver.lookup('cdn.example', false)).toEqual([
    { address: '203.0.113.9', family: 4 },
    { address: '2001:db8::1', family: 6 },
  ])
  const local = await resolver.lookup('localhost', true)
  expect(local.map(({ address }) => address)).toContain('127.0.0.1')
  expect(asked()).toBe(before)
})
