import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OddFile } from './odd-files.fixture.ts'

export interface BrowserJudge {
  /** Returns for each image or video whether the browser shows it: for a video, its first frame. */
  shows(files: readonly OddFile[]): Promise<boolean[]>
  close(): Promise<void>
}

/** Chromium from npm; undefined if it is not available. */
export async function createBrowserJudge(): Promise<BrowserJudge | undefined> {
  const parts = await Promise.all([import('@sparticuz/chromium'), import('playwright-core')]).catch(
    () => undefined,
  )
  if (parts === undefined) return undefined
  const [{ default: chromium }, playwright] = parts
  const browser = await playwright.chromium
    .launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] })
    .catch(() => undefined)
  if (browser === undefined) return undefined
  let served: readonly OddFile[] = []
  const server = createServer((request, response) => {
    const file = served[Number(request.url?.slice(1))]
    if (file === undefined) response.setHeader('content-type', 'text/html').end('<!doctype html>')
    else response.setHeader('content-type', file.mimeType).end(file.bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    async shows(files) {
      served = files
      const page = await browser.newPage()
      await page.goto(`${origin}/page`)
      const areVideos = files.map(({ mimeType }) => mimeType.startsWith('video/'))
      return await page.evaluate(`Promise.all(${JSON.stringify(areVideos)}.map((isVideo, n) => new Promise((resolve) => {
        const element = isVideo ? document.createElement('video') : new Image()
        element.onload = () => resolve(element.naturalWidth > 0)
        element.onloadeddata = () => resolve(element.videoWidth > 0)
        element.onerror = () => resolve(false)
        element.preload = 'auto'
        element.src = '/' + n
      })))`)
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}
