import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
beforeAll(async () => {
  place = await install()
})
afterAll(() => place.remove())

test('demo prints where it serves before it imports the sample, and the result after', async () => {
  const demo = place.start('demo')
  let output = ''
  const served = Promise.withResolvers<string>()
  const collect = (text: Buffer): void => {
    output += text.toString()
    const url = /serves (http:\/\/[\d.:]+)/.exec(output)?.[1]
    if (url !== undefined) served.resolve(url)
  }
  demo.stdout!.on('data', collect)
  demo.stderr!.on('data', collect)
  demo.once('exit', () => served.reject(new Error(output)))
  try {
    const url = await served.promise
    expect(output).not.toContain('Imported the sample.')
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    await expect.poll(() => output, { timeout: 60_000 }).toContain('Ctrl-C stops it')
    expect(output.indexOf('Imported the sample.')).toBeGreaterThan(output.indexOf('serves http'))
  } finally {
    const exit = once(demo, 'exit')
    demo.kill('SIGTERM')
    await exit
  }
})
