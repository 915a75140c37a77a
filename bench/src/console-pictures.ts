// Takes the README's pictures of the console with the sample: docs/console-gallery.png and docs/console-item.png.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { withDatabases } from './databases.ts'
import { openChromium } from './gallery-browser.ts'
import { importSample, startGallery } from './gallery-server.ts'

const DOCS = join(import.meta.dirname, '../../docs')
/** Thumbnails are made when they are first asked for, which takes long on a busy machine. */
const TIMEOUT_MS = 180_000
// Runs in the page, whose policy allows no such scripts unless it is bypassed.
const ALL_DRAWN = `(() => { const all = [...document.querySelectorAll('[role=option] img')]
  return all.length > 10 && all.every((img) => img.complete && img.naturalWidth > 0) })()`
const WINDOW = { width: 1280, height: 760 }

await withDatabases(async (databases) => {
  const database = await databases.fresh('pictures')
  const home = join(databases.folder, 'home')
  await mkdir(home)
  await importSample(database.url, home)
  const server = await startGallery(database.url, home)
  const browser = await openChromium()
  try {
    await take(browser, 'light', 'console-gallery.png', async (page) => {
      await page.goto(server.url)
      await page.getByText('Live', { exact: true }).waitFor()
      await page.waitForFunction(ALL_DRAWN)
    })
    await take(browser, 'dark', 'console-item.png', async (page) => {
      await page.goto(`${server.url}/?q=graviton`)
      await page.locator('[role=option] img').first().waitFor()
      await page.locator('[role=option]').first().click()
      await page.locator('[data-sought=true]').first().waitFor()
    })
  } finally {
    await browser.close()
    await server.stop()
  }
})

async function take(
  browser: Browser,
  colorScheme: 'light' | 'dark',
  name: string,
  show: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({ viewport: WINDOW, colorScheme, bypassCSP: true })
  page.setDefaultTimeout(TIMEOUT_MS)
  await show(page)
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
  const picture = await page.screenshot()
  await page.close()
  await writeFile(join(DOCS, name), await sharp(picture).png({ palette: true, effort: 10 }).toBuffer())
}
