import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import { consoleFiles } from './console-files.ts'
import {
  complaintsOf,
  dropFile,
  expectAccessible,
  loadedTiles,
  openBrowser,
  startConsole,
  TILES,
} from './console.fixture.ts'

/** A word in a picture of the sample, and in no post. */
const WORD = 'graviton'

const PRODUCTION = {
  NODE_ENV: 'production',
  PERSISTED_OPERATIONS: 'only',
  PERSISTED_OPERATIONS_FILE: consoleFiles.operations,
}

const LONG = { timeout: 300_000 }

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

test(
  'import by drag and drop, watch it arrive, search, open, archive, lose the server and recover',
  LONG,
  async () => {
    const place = await install()
    const server = await startConsole(place)
    try {
      const gallery = await (await browser.newContext()).newPage()
      const complaints = complaintsOf(gallery)
      await gallery.goto(server.url)
      await gallery.getByText('There are no pictures yet').waitFor()
      await expectAccessible(gallery, 'empty gallery')

      const imports = await gallery.context().newPage()
      complaintsOf(imports)
      await imports.goto(`${server.url}/imports`)
      await imports.getByRole('heading', { name: 'Imports' }).waitFor()
      await expectAccessible(imports, 'imports')
      await dropFile(imports, '[class*=zone]', await place.samplePosts())
      await imports.getByText('completed').waitFor()
      await imports.getByRole('link', { name: 'posts.json' }).waitFor()

      // The gallery was already open, and is not reloaded.
      await arrived(gallery, place)
      await analysed(place)
      await searchAndOpen(gallery)
      await everyView(gallery, server.url, imports.url())
      await archiveSome(gallery, server.url)
      expect(complaints).toEqual([])

      await server.stop()
      await gallery.getByText('Connection lost').waitFor()
      await server.start()
      await gallery.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 })
      await gallery.goto(`${server.url}/?role=all&fate=expired`)
      await gallery.locator(TILES).first().waitFor()
      complaints.length = 0
      await place.run('import', await place.samplePosts(true))
      // The expired items arrive over the new connection.
      await gallery.getByText('Nothing matches').waitFor({ timeout: 60_000 })
      expect(complaints).toEqual([])
    } finally {
      await server.stop()
      await place.remove()
    }
  },
)

test('with a token, persisted operations alone and production limits, all of it works', LONG, async () => {
  const place = await install()
  const tokenOf = async (scopes: string): Promise<string> => {
    const { stdout } = await place.run('token', 'create', '--json', '--name', scopes, '--scopes', scopes)
    return (JSON.parse(stdout) as { secret: string }).secret
  }
  const [reader, operator] = [await tokenOf('read,import'), await tokenOf('read,operate')]
  const server = await startConsole(place, PRODUCTION)
  try {
    const page = await (await browser.newContext()).newPage()
    await page.goto(server.url)
    await page.getByRole('dialog').waitFor()
    await expectAccessible(page, 'token dialog')
    // Once dismissed, the dialog does not come back by itself.
    await page.keyboard.press('Escape')
    await page.getByText('The gallery could not be read').waitFor()
    await page.waitForTimeout(3_000)
    expect(await page.getByRole('dialog').count()).toBe(0)
    await expectAccessible(page, 'gallery without a token')
    await page.getByRole('button', { name: 'Use another token' }).click()
    await giveToken(page, reader)
    await page.getByText('Live', { exact: true }).waitFor()
    const complaints = complaintsOf(page)

    await page.getByRole('link', { name: 'Imports' }).click()
    await page.getByRole('heading', { name: 'Imports' }).waitFor()
    await dropFile(page, '[class*=zone]', await place.samplePosts())
    await page.getByText('completed').waitFor()
    await page.locator('main li a').first().click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByRole('link', { name: 'Gallery', exact: true }).click()
    await arrived(page, place)
    await analysed(place)
    await searchAndOpen(page)
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Queues' }).waitFor()
    await page.waitForTimeout(500)
    // The console does not query what this token may not see.
    expect(await page.getByRole('heading', { name: 'Database schema' }).count()).toBe(0)
    expect(complaints).toEqual([])

    await page.goto(server.url)
    await select(page)
    await page.getByRole('button', { name: 'Download' }).waitFor()
    // Actions that this token does not allow are not offered.
    expect(await page.getByRole('button', { name: 'Archive' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await giveToken(page, operator)
    await archiveSome(page, server.url)
    await page.goto(`${server.url}/overview`)
    await page.getByText(/^Up to date: \d+ checks passed/).waitFor()
  } finally {
    await server.stop()
    await place.remove()
  }
})

async function giveToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('API token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Waits until the gallery shows the content of all posts, which fits into its window. */
async function arrived(page: Page, place: Installation): Promise<void> {
  const content = await place.db.query(`SELECT FROM post_media WHERE coalesce(role, 'content') = 'content'`)
  expect(content.rowCount).toBeGreaterThan(15)
  await expect.poll(() => page.locator(TILES).count(), { timeout: 60_000 }).toBe(content.rowCount)
}

async function analysed(place: Installation): Promise<void> {
  const waiting = `SELECT FROM mediakeep.analyses WHERE state = 'pending'
    UNION ALL SELECT FROM mediakeep.contents WHERE rejected_at IS NULL AND (inspected_at IS NULL OR analysis_generation = 0)
    UNION ALL SELECT FROM post_media WHERE fate = 'waiting'`
  await expect
    .poll(async () => (await place.db.query(waiting)).rowCount, { timeout: 60_000, interval: 250 })
    .toBe(0)
}

async function searchAndOpen(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill(WORD)
  await page.waitForURL(/q=graviton/)
  await expect.poll(() => page.locator(TILES).count()).toBe(1)
  await (await loadedTiles(page)).first().click()
  const outlined = page.locator('[data-sought=true]')
  await outlined.first().waitFor()
  expect(await outlined.first().getAttribute('data-word')).toMatch(/graviton/i)
  const picture = page.locator('main img').first()
  await expect
    .poll(() => picture.evaluate((img) => (img as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(0)
}

async function everyView(page: Page, url: string, imports: string): Promise<void> {
  await expectAccessible(page, 'item')
  await page.goto(imports)
  await page.locator('main li a').first().click()
  await page.getByRole('heading', { level: 1 }).waitFor()
  await expectAccessible(page, 'import run')
  await page.goto(`${url}/overview`)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.waitForTimeout(500)
  await expectAccessible(page, 'overview')
  await page.goto(url)
  await page.locator(`${TILES} img`).first().waitFor()
  await page.getByRole('button', { name: 'Filter' }).click()
  await expectAccessible(page, 'gallery')
  await select(page)
  await expectAccessible(page, 'selection')
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('dialog').waitFor()
  await expectAccessible(page, 'reject dialog')
}

/** Selects the first two items by keyboard. */
async function select(page: Page): Promise<void> {
  await (await loadedTiles(page)).first().focus()
  for (const key of ['Space', 'ArrowRight', 'Space']) await page.keyboard.press(key)
  await page.getByText('2 selected').waitFor()
}

async function archiveSome(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/?role=all&fate=fetched`)
  await select(page)
  await page.getByRole('button', { name: 'Archive' }).click()
  await page.getByText(/\d (queued for the archive|archived already)/).waitFor()
}
