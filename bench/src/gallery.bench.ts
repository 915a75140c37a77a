import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './compare.ts'
import { median } from './compare.ts'
import { withDatabases } from './databases.ts'
import { jump, memoryOf, opening, openChromium } from './gallery-browser.ts'
import { fillGallery } from './gallery-fill.ts'
import { scoresOf, type Device, type Scores } from './gallery-lighthouse.ts'
import { importSample, startGallery } from './gallery-server.ts'

const ROWS = Number(process.env.GALLERY_ROWS ?? 1_000_000)
const SCROLLS = 300
/** Bypasses the CSP, as the script that waits for drawing is not one of the page's own. */
const VIEW = { viewport: { width: 1280, height: 800 }, bypassCSP: true }

/** Measures the console's gallery over a million media, in a real browser. */
export async function benchGallery(): Promise<Finding[]> {
  return await withDatabases(async (databases) => {
    const database = await databases.fresh('gallery')
    const home = join(databases.folder, 'home')
    await mkdir(home)
    await importSample(database.url, home)
    await fillGallery(database, ROWS)
    const server = await startGallery(database.url, home)
    try {
      return [
        ...(await measure(server.url)),
        ...(await judge(server.url, 'telephone')),
        ...(await judge(server.url, 'desktop')),
      ]
    } finally {
      await server.stop()
    }
  })
}

async function measure(url: string): Promise<Finding[]> {
  const browser = await openChromium()
  try {
    const openings = []
    // Each in its own context, so that the browser's cache is empty.
    for (let run = 0; run < 5; run++) {
      const context = await browser.newContext(VIEW)
      openings.push(await opening(await context.newPage(), url))
      await context.close()
    }
    const page = await browser.newPage(VIEW)
    await opening(page, url)
    const months = page.locator('nav[aria-label=Months] button')
    await months.first().waitFor()
    const middle = Math.floor((await months.count()) / 2)
    const byMonth = await jump(page, () => months.nth(middle).click())
    const scroller = `document.querySelector('[role=listbox]').parentElement`
    const byBar = await jump(page, () =>
      page.evaluate(`${scroller}.scrollTop = ${scroller}.scrollHeight / 3`),
    )
    const resting = await memoryOf(browser, page)
    await page.mouse.move(640, 400)
    for (let n = 0; n < SCROLLS; n++) {
      await page.mouse.wheel(0, 1_500)
      await page.waitForTimeout(20)
    }
    const scrolled = await memoryOf(browser, page)
    const limit = (name: string, unit: string, value: number, atMost: number): Finding => ({
      name: `gallery of ${ROWS.toLocaleString('en-US')} media, ${name}`,
      unit,
      value,
      atMost,
    })
    return [
      limit('first thumbnail (first opening)', 'ms', openings[0]!.first, 1_500),
      limit('first thumbnail (median of 5)', 'ms', median(openings.map(({ first }) => first)), 1_500),
      limit(
        'all thumbnails in the window (median of 5)',
        'ms',
        median(openings.map(({ all }) => all)),
        2_500,
      ),
      limit('jump to the middle month', 'ms', byMonth, 1_500),
      limit('jump by the scrollbar', 'ms', byBar, 1_500),
      limit('JavaScript heap', 'MB', resting.heap, 300),
      limit('memory of the process', 'MB', resting.process, 300),
      limit(`JavaScript heap after ${SCROLLS} screens`, 'MB', scrolled.heap, 300),
      limit(`memory of the process after ${SCROLLS} screens`, 'MB', scrolled.process, 300),
    ]
  } finally {
    await browser.close()
  }
}

const LEAST = { performance: 95, accessibility: 100, 'best-practices': 95 } as const

/** Reports medians of three, like all benches here: Lighthouse's scores vary from run to run. */
async function judge(url: string, device: Device): Promise<Finding[]> {
  const runs: Scores[] = []
  for (let run = 0; run < 3; run++) runs.push(await scoresOf(url, device))
  return (Object.keys(LEAST) as (keyof Scores)[]).map((name) => {
    const scores = runs.map((run) => run[name])
    const score = median(scores)
    const verdict = score >= LEAST[name] ? 'ok' : 'BELOW'
    return `gallery, Lighthouse on a ${device}, ${name}: ${score} of ${scores.join(', ')} (at least ${LEAST[name]}) ${verdict}`
  })
}
