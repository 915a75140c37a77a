import { readFile } from 'node:fs/promises'
import chromium from '@sparticuz/chromium'
import { chromium as playwright, type Browser, type Page } from 'playwright-core'

export async function openChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = await chromium.executablePath()
  return await playwright.launch({ executablePath, args: ['--no-sandbox', ...args], headless: true })
}

// Runs in the page; this program has no DOM of its own.
const SHOWN = `[...document.querySelectorAll('[role=option] img')].filter((img) => {
  const box = img.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight
})`
const FIRST_DRAWN = `${SHOWN}.some((img) => img.complete && img.naturalWidth > 0)`
const ALL_DRAWN = `(() => { const all = ${SHOWN}; return all.length > 12 && all.every((img) => img.complete && img.naturalWidth > 0) })()`

/** Returns the milliseconds from the navigation to the first thumbnail, and to all visible ones. */
export async function opening(page: Page, url: string): Promise<{ first: number; all: number }> {
  await page.goto(url, { waitUntil: 'commit' })
  await page.waitForFunction(FIRST_DRAWN)
  const first = await page.evaluate<number>('performance.now()')
  await page.waitForFunction(ALL_DRAWN)
  return { first, all: await page.evaluate<number>('performance.now()') }
}

/** Returns the milliseconds until all visible media are drawn, and differ from those before. */
export async function jump(page: Page, act: () => Promise<unknown>): Promise<number> {
  const place = `document.querySelector('[role=option]').getAttribute('aria-posinset')`
  const before = await page.evaluate<string>(place)
  const start = performance.now()
  await act()
  await page.waitForFunction(`${place} !== '${before}' && ${ALL_DRAWN}`)
  return performance.now() - start
}

/** Returns megabytes: the scripts' heap after a collection, and the private memory of the page's process. */
export async function memoryOf(browser: Browser, page: Page): Promise<{ heap: number; process: number }> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value
  await session.detach()
  const whole = await browser.newBrowserCDPSession()
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  await whole.detach()
  const renderers = processInfo.filter(({ type }) => type === 'renderer')
  const sizes = await Promise.all(renderers.map(({ id }) => privateBytes(id)))
  return { heap: heap / 1e6, process: Math.max(...sizes) / 1e6 }
}

async function privateBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const kilobytes = [...rollup.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].map(([, size]) => Number(size))
  return kilobytes.reduce((sum, size) => sum + size, 0) * 1024
}
