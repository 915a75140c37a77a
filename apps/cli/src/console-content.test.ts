import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'
import {
  complaintsOf,
  expectAccessible,
  loadedTiles,
  openBrowser,
  startConsole,
  summary,
  type ConsoleServer,
} from './console.fixture.ts'

let browser: Browser
let place: Installation
let server: ConsoleServer

// Without a worker, so that the counts stay the same.
beforeAll(async () => {
  browser = await openBrowser()
  place = await install()
  await place.run('import', await place.samplePosts())
  await place.run('analyze')
  server = await startConsole(place, {}, '--no-worker')
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  await place.remove()
})

async function open(path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext()).newPage()
  const complaints = complaintsOf(page)
  await page.goto(server.url + path)
  return { page, complaints }
}

test('the gallery shows content alone, with pictures of videos and documents, and all on request', async () => {
  const { page, complaints } = await open('/')
  const content = await place.db.query(`SELECT FROM post_media WHERE coalesce(role, 'content') = 'content'`)
  await expect.poll(() => summary(page)).toBe(content.rowCount)
  await loadedTiles(page)
  for (const kind of ['video', 'document']) {
    await page.goto(`${server.url}/?fate=fetched&type=${kind}`)
    const pictures = (await loadedTiles(page)).locator('img')
    await expect
      .poll(() =>
        pictures.first().evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBeGreaterThan(0)
  }
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByLabel('Show', { exact: true }).selectOption({ label: 'all media' })
  const all = await place.db.query('SELECT FROM post_media')
  expect(all.rowCount).toBeGreaterThan(content.rowCount)
  await expect.poll(() => summary(page)).toBe(all.rowCount)
  expect(new URL(page.url()).search).toBe('?role=all')
  expect(complaints).toEqual([])
})

test('nothing is read before the end of the event log is known', async () => {
  const page = await (await browser.newContext()).newPage()
  const asked: string[] = []
  page.on('request', (request) => {
    const { operationName } = (request.postDataJSON() ?? {}) as { operationName?: string }
    if (request.method() === 'POST' && operationName !== undefined) asked.push(operationName)
  })
  let answer = (): void => undefined
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('EventCursor') === true) await held
    await route.continue()
  })
  await page.goto(server.url)
  await expect.poll(() => asked).toContain('EventCursor')
  await page.waitForTimeout(1_000)
  expect(asked).not.toContain('MediaTimeline')
  answer()
  await loadedTiles(page)
  expect(asked).toContain('MediaTimeline')
})

test('a question mark shows the shortcuts, and 100 % is one pixel for one pixel', async () => {
  const { page, complaints } = await open('/?role=all&fate=fetched&type=image')
  await loadedTiles(page)
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Extend the selection').waitFor()
  await expectAccessible(page, 'shortcuts')
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('?')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.goto(`${server.url}/?role=all&fate=fetched&type=image`)
  await (await loadedTiles(page)).first().click()
  await page.getByRole('button', { name: '1:1' }).click()
  await page.getByText('100 %', { exact: true }).waitFor()
  const picture = page.getByRole('region', { name: 'Picture; scrolls when enlarged' }).locator('img')
  await expect
    .poll(() =>
      picture.evaluate((element) => {
        const image = element as unknown as {
          naturalWidth: number
          clientWidth: number
          naturalHeight: number
          clientHeight: number
        }
        return [image.clientWidth / image.naturalWidth, image.clientHeight / image.naturalHeight]
      }),
    )
    .toEqual([1, 1])
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page.getByText('100 %').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})
