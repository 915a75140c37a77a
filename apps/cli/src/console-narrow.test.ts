import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { expectAccessible, loadedTiles, useSite } from './console.fixture.ts'
import { disturb } from './disturbed-sample.fixture.ts'
import { installSample } from './sample.fixture.ts'

/** The narrowest phones in use. */
const NARROW = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

const site = useSite(async () => {
  const place = await installSample()
  const odd = join(place.home, `${'a-long-name-without-a-space'.repeat(4)}.json`)
  await writeFile(odd, JSON.stringify([{ full_urn: 'urn:li:activity:1', nothing: 'x'.repeat(300) }]))
  await place.run('import', odd)
  await disturb(place.db)
  return place
}, '--no-worker')

/** Checks that nothing is wider than the window, and that the page itself, with its bottom bar, does not scroll. */
async function expectFits(page: Page, view: string): Promise<void> {
  await page.waitForTimeout(300)
  const sizes = await page.evaluate<{ width: number; height: number; wide: string[] }>(`(() => {
    const root = document.scrollingElement
    const wide = [...document.querySelectorAll('main, [role=dialog]')].filter((one) => one.scrollWidth > one.clientWidth)
    return { width: root.scrollWidth, height: root.scrollHeight, wide: wide.map((one) => one.outerHTML.slice(0, 200)) }
  })()`)
  expect(sizes, view).toEqual({ width: 360, height: 740, wide: [] })
}

test('every view fits a window of 360 pixels, and scrolls into nothing', { timeout: 180_000 }, async () => {
  const page = await (await site().browser.newContext(NARROW)).newPage()
  const open = async (path: string, heading: string | RegExp): Promise<void> => {
    await page.goto(site().server.url + path)
    await page.getByRole('heading', { name: heading }).first().waitFor()
  }
  await open('/overview', 'From found to analysed')
  await page.getByText('The numbers as a table').click()
  await expectFits(page, 'overview')
  await page
    .getByRole('button', { name: /^Try again/ })
    .first()
    .click()
  await page.getByRole('dialog').waitFor()
  await expectFits(page, 'retry dialog')

  await open('/imports', 'Imports')
  const run = page.locator('main li a').first()
  await run.waitFor()
  await expectFits(page, 'imports')
  await run.click()
  await page.getByRole('heading', { name: 'Rejected posts' }).waitFor()
  await page.getByText('Excerpt', { exact: true }).first().click()
  await expectFits(page, 'import run')

  await page.goto(site().server.url)
  await (await loadedTiles(page)).first().waitFor()
  await expectFits(page, 'gallery')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expectFits(page, 'gallery with its filter')
  await page.getByRole('button', { name: 'Filter' }).click()
  await (await loadedTiles(page)).first().focus()
  await page.keyboard.press('Space')
  await page.getByText('1 selected').waitFor()
  await expectFits(page, 'selection')
  await page.getByRole('button', { name: 'Reject' }).click()
  await page.getByRole('dialog').waitFor()
  await expectFits(page, 'reject dialog')

  await page.goto(`${site().server.url}/?q=a&fate=fetched`)
  await expectFits(page, 'search')
  await page.goto(`${site().server.url}/?role=all&fate=fetched`)
  await (await loadedTiles(page)).first().click()
  await page.getByRole('heading', { name: 'Chain of custody' }).waitFor()
  await expectFits(page, 'item')
  await open('/items/med-none', 'There is no such item')
  await expectFits(page, 'no such item')
})

/** Returns the names of the steps under "Chain of custody", and of the actions. */
async function shownOf(mediaId: string): Promise<{ page: Page; steps: string[]; actions: string[] }> {
  const page = await (await site().browser.newContext()).newPage()
  await page.goto(`${site().server.url}/items/${mediaId}`)
  await page.getByRole('heading', { name: 'Chain of custody' }).waitFor()
  await page.waitForTimeout(500)
  const steps = await page.locator('ol li strong').allTextContents()
  const actions = await page.getByRole('group', { name: 'Actions' }).getByRole('button').allTextContents()
  return { page, steps, actions }
}

test(
  'an item without a file is told as such, and offers only what can succeed',
  { timeout: 60_000 },
  async () => {
    const waiting = await shownOf('med-soon1')
    expect(waiting.steps).toEqual(['Found', 'Waiting to be fetched'])
    expect(waiting.actions).toEqual([])
    const failed = await shownOf('med-ended1')
    expect(failed.steps).toEqual(['Found', 'Not fetched: failed'])
    expect(failed.actions).toEqual(['Fetch again'])
  },
)

test('a rejection is taken back, and what is unusual about a file is said', { timeout: 60_000 }, async () => {
  const { rows } = await site().place.db.query<{ mediaId: string }>(
    `SELECT m.media_id AS "mediaId" FROM post_media m JOIN mediakeep.contents c USING (sha256_sum)
     WHERE m.fate = 'fetched' AND c.inspected_at IS NOT NULL AND m.archive_url IS NOT NULL LIMIT 1`,
  )
  const { mediaId } = rows[0]!
  await site().place.db.query(
    `UPDATE mediakeep.contents SET findings = '{missing_end_mark}'
     WHERE sha256_sum = (SELECT sha256_sum FROM post_media WHERE media_id = $1)`,
    [mediaId],
  )
  const fetched = await shownOf(mediaId)
  expect(await fetched.page.locator('ol').allTextContents()).toEqual([
    expect.stringContaining('the file has no end mark'),
  ])
  expect(fetched.actions).toContain('Verify')
  expect(fetched.actions).not.toContain('Fetch again')
  await expectAccessible(fetched.page, 'item with a finding')
  await fetched.page.getByRole('button', { name: 'Reject …' }).click()
  await fetched.page.getByLabel('Reason').fill('a placeholder')
  await fetched.page.getByRole('button', { name: 'Reject 1 item' }).click()
  // The item is rejected only once the undo period is over.
  await fetched.page.getByRole('button', { name: 'Accept again' }).click({ timeout: 20_000 })
  await fetched.page.getByText('1 no longer rejected').waitFor()
})
