import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import lighthouse, { desktopConfig } from 'lighthouse'
import { openChromium } from './gallery-browser.ts'

/** `telephone` is Lighthouse's own profile: a CPU four times slower, and slow 4G. */
export type Device = 'telephone' | 'desktop'

/** Scores of Lighthouse's categories, out of 100. */
export interface Scores {
  readonly performance: number
  readonly accessibility: number
  readonly 'best-practices': number
}

export async function scoresOf(url: string, device: Device): Promise<Scores> {
  const port = await freePort()
  const browser = await openChromium([`--remote-debugging-port=${port}`])
  try {
    const onlyCategories = ['performance', 'accessibility', 'best-practices']
    const config = device === 'desktop' ? desktopConfig : undefined
    const result = await lighthouse(url, { port, onlyCategories, logLevel: 'error' }, config)
    const categories = result!.lhr.categories
    const score = (name: keyof Scores): number => Math.round((categories[name]?.score ?? 0) * 100)
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      'best-practices': score('best-practices'),
    }
  } finally {
    await browser.close()
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
