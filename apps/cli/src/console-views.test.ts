import type { BrowserContextOptions } from 'playwright-core'
import { expect, test } from 'vitest'
import {
  expectAccessible,
  loadedTiles,
  numberIn,
  openPage,
  summary,
  TILES,
  useSite,
} from './console.fixture.ts'
import { disturb } from './disturbed-sample.fixture.ts'
import { installSample } from './sample.fixture.ts'

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

const site = useSite(async () => {
  const place = await installSample('analysed')
  await disturb(place.db)
  return place
}, '--no-worker')

const open = (path: string, options: BrowserContextOptions = {}): ReturnType<typeof openPage> =>
  openPage(site(), path, options)

test('every number of the overview leads to just so many items', { timeout: 120_000 }, async () => {
  const { page, complaints } = await open('/overview')
  await page.getByRole('heading', { name: 'From found to analysed' }).waitFor()
  await expectAccessible(page, 'overview with failures')
  const links = page.locator('main a[href^="/?"]')
  const seen: string[] = []
  for (let n = 0; n < (await links.count()); n++) {
    const link = links.nth(n)
    const words = (await link.textContent())!
    // For items at risk, the count is beside the link.
    const counted = /\d/.test(words) ? words : (await page.locator('#at-risk').textContent())!
    await link.click()
    const shown = await summary(page)
    expect(shown, `${counted} → ${page.url()}`).toBe(numberIn(counted))
    const tiles = page.locator(TILES)
    await expect.poll(() => tiles.first().getAttribute('aria-setsize')).toBe(String(shown))
    await expect.poll(() => tiles.getByText('loading').count()).toBe(0)
    seen.push(new URL(page.url()).search)
    await page.goBack()
    await page.getByRole('heading', { name: 'From found to analysed' }).waitFor()
  }
  // The links included each kind of count.
  for (const condition of [
    'fate=waiting',
    'inspected=no',
    'archived=no',
    'status=not_started',
    'status=failed',
    'fate=rejected',
    'expires=24',
    'stage=fetch',
    'stage=inspect',
    'stage=archive',
    'analyser=ocr',
    'analyser=facts',
  ])
    expect(
      seen.filter((search) => search.includes(condition)),
      condition,
    ).not.toEqual([])

  await page.getByRole('link', { name: 'to be retried' }).click()
  await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('failures')
  expect(complaints).toEqual([])
})

test('each cache is shown with its machine and its own files', async () => {
  await site().place.db.query(
    `INSERT INTO mediakeep.caches (cache_id, host, last_seen_at, files, bytes, counted_at)
     VALUES (gen_random_uuid(), 'lost-machine', now() - interval '3 days', 709, 7340032, now() - interval '3 days'),
       (gen_random_uuid(), 'new-machine', now(), 29, 290, now())`,
  )
  const { page, complaints } = await open('/overview')
  const storage = page.getByRole('region', { name: 'Storage' })
  await storage.getByText(/^29 files, counted/).waitFor()
  await storage.getByText(/^709 files, counted .*, last seen /).waitFor()
  expect(await storage.getByRole('heading').allTextContents()).toContain('Cache on lost-machine')
  expect(await page.getByText('In the cache').count()).toBe(0)
  await expectAccessible(page, 'overview with several caches')
  await site().place.db.query(`DELETE FROM mediakeep.caches WHERE host IN ('lost-machine', 'new-machine')`)
  expect(complaints).toEqual([])
})

test('from an item one goes along the row, and back to where one was', async () => {
  const { page, complaints } = await open('/?role=all&fate=fetched')
  await (await loadedTiles(page)).first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/items\/.*fate=fetched/)
  await expect.poll(() => page.title()).toMatch(/^Picture by .* · Mediakeep$/)
  const total = await site().place.db.query(`SELECT FROM post_media WHERE fate = 'fetched'`)
  await page.getByText(`2 of ${total.rowCount}`).waitFor()
  const first = page.url()
  for (const at of [3, 4]) {
    await page.keyboard.press('ArrowRight')
    await page.getByText(`${at} of ${total.rowCount}`).waitFor()
  }
  await page.getByRole('button', { name: 'Previous' }).click()
  await page.getByText(`3 of ${total.rowCount}`).waitFor()
  expect(page.url()).not.toBe(first)
  await expectAccessible(page, 'item in its row')

  await page.keyboard.press('Escape')
  await page.waitForURL(`${site().server.url}/?role=all&fate=fetched`)
  await expect.poll(() => page.evaluate('document.activeElement.dataset.index')).toBe('2')
  expect(complaints).toEqual([])
})

test('near-duplicates are compared side by side', async () => {
  await site().place.db.query(
    `UPDATE mediakeep.analyses SET perceptual_hash = 5 WHERE perceptual_hash IS NOT NULL AND media_type = 'image'`,
  )
  const { page, complaints } = await open('/?q=graviton')
  await (await loadedTiles(page)).first().click()
  await page.getByRole('button', { name: 'Side by side' }).first().click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.locator('img').count()).toBe(2)
  await dialog.getByRole('row', { name: /SHA-256/ }).waitFor()
  await expectAccessible(page, 'comparison')
  expect(complaints).toEqual([])
})

test('what is asked for can be taken back for some seconds', { timeout: 30_000 }, async () => {
  const { page } = await open('/?role=all&fate=fetched')
  const completed = `SELECT FROM mediakeep.analyses WHERE state = 'completed'`
  const before = (await site().place.db.query(completed)).rowCount
  await (await loadedTiles(page)).first().focus()
  await page.keyboard.press('Space')
  const again = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Analyse again' }).click()
    await page.getByText('Analysing 1 item again …').waitFor()
  }
  await again()
  await page.getByRole('button', { name: 'Undo' }).click()
  await again()
  await page.keyboard.press('Control+z')
  await expect.poll(() => page.getByRole('button', { name: 'Undo' }).count()).toBe(0)
  await page.waitForTimeout(7_000)
  expect((await site().place.db.query(completed)).rowCount).toBe(before)
  await again()
  await page.getByText(/analys(i|e)s waits? now/).waitFor({ timeout: 60_000 })
  // Escape clears the selection from the bar too, and the focus returns to the grid.
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByText('1 selected').count()).toBe(0)
  expect(await page.evaluate('document.activeElement.getAttribute("role")')).toBe('option')
  expect((await site().place.db.query(completed)).rowCount).toBeLessThan(before)
})

test('on a telephone nothing lies under the bar', async () => {
  const { page, complaints } = await open('/overview', PHONE)
  const span = page.getByRole('radio', { name: 'Last 30 days' })
  await span.waitFor()
  const bar = (await page.locator('header').first().boundingBox())!
  for (const path of ['/overview', '/imports', '/']) {
    await page.goto(site().server.url + path)
    const main = (await page.locator('main').boundingBox())!
    expect(main.y + main.height, path).toBeLessThanOrEqual(bar.y + 1)
    // No view is wider than the phone.
    expect(await page.evaluate('document.querySelector("main").scrollWidth'), path).toBeLessThanOrEqual(390)
  }
  await page.goto(`${site().server.url}/overview`)
  await span.tap()
  await expect.poll(() => span.getAttribute('aria-checked')).toBe('true')
  await expectAccessible(page, 'overview on a telephone')
  expect(complaints).toEqual([])
})

test('Ctrl+A selects the items of the gallery, and in the search field its text', async () => {
  const { page, complaints } = await open('/?role=all&fate=fetched')
  await loadedTiles(page)
  const count = await summary(page)
  await page.keyboard.press('Control+a')
  await page.getByText(`${count} selected`).waitFor()
  expect(await page.evaluate('getSelection().toString()')).toBe('')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('harbour')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  expect(await page.getByRole('searchbox').inputValue()).toBe('')
  expect(complaints).toEqual([])
})
