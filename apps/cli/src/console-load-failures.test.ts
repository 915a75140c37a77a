import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { install } from './cli.fixture.ts'
import { expectAccessible, useSite } from './console.fixture.ts'

const site = useSite(install, '--no-worker')

async function openGallery(): Promise<{ page: Page; loads: () => number }> {
  const page = await (await site().browser.newContext()).newPage()
  let loads = 0
  page.on('domcontentloaded', () => loads++)
  await page.goto(site().server.url)
  await page.getByText('There are no pictures yet').waitFor()
  return { page, loads: () => loads }
}

test(
  'a view whose files the server no longer has is loaded again once, not in a loop',
  { timeout: 60_000 },
  async () => {
    const { page, loads } = await openGallery()
    // As after an upgrade: the open page refers to files that are gone.
    await page.route('**/assets/imports-*.js', (route) => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Imports', exact: true }).click()
    await page.getByText('This view could not be loaded').waitFor()
    await expect.poll(loads).toBe(2)
    await page.waitForTimeout(4_000)
    expect(loads()).toBe(2)
    await page.getByText('This view could not be loaded').waitFor()
    await expectAccessible(page, 'view that could not be loaded')

    // The frame and the other views still work.
    await page.getByRole('link', { name: 'Gallery', exact: true }).click()
    await page.getByText('There are no pictures yet').waitFor()
    await page.unroute('**/assets/imports-*.js')
    await page.goBack()
    await page.getByRole('button', { name: 'Reload' }).click()
    await page.getByRole('heading', { name: 'Imports' }).waitFor()
  },
)

test('a view asked for while the server is stopped opens once it is back', { timeout: 60_000 }, async () => {
  const { page, loads } = await openGallery()
  await site().server.stop()
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await page.getByText('This view could not be loaded').waitFor()
  await page.getByRole('button', { name: 'Reload' }).waitFor()
  // Meanwhile the page does not give way to the browser's own error page.
  expect(loads()).toBe(1)
  await site().server.start()
  await page.getByRole('heading', { name: 'From found to analysed' }).waitFor({ timeout: 60_000 })
  expect(loads()).toBe(2)
})
