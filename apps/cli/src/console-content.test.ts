import { expect, test } from 'vitest'
import { expectAccessible, loadedTiles, openPage, summary, useSite } from './console.fixture.ts'
import { installSample } from './sample.fixture.ts'

const site = useSite(() => installSample('analysed'), '--no-worker')

const open = (path: string): ReturnType<typeof openPage> => openPage(site(), path)

test('the gallery shows content alone, with pictures of videos and documents, and all on request', async () => {
  const { page, complaints } = await open('/')
  const content = await site().place.db.query(
    `SELECT FROM post_media WHERE coalesce(role, 'content') = 'content'`,
  )
  await expect.poll(() => summary(page)).toBe(content.rowCount)
  await loadedTiles(page)
  for (const kind of ['video', 'document']) {
    await page.goto(`${site().server.url}/?fate=fetched&type=${kind}`)
    const pictures = (await loadedTiles(page)).locator('img')
    await expect
      .poll(() =>
        pictures.first().evaluate((one) => (one as unknown as { naturalWidth: number }).naturalWidth),
      )
      .toBeGreaterThan(0)
  }
  await page.goto(site().server.url)
  await page.getByRole('button', { name: 'Filter' }).click()
  await page.getByLabel('Show', { exact: true }).selectOption({ label: 'all media' })
  const all = await site().place.db.query('SELECT FROM post_media')
  expect(all.rowCount).toBeGreaterThan(content.rowCount)
  await expect.poll(() => summary(page)).toBe(all.rowCount)
  expect(new URL(page.url()).search).toBe('?role=all')
  expect(complaints).toEqual([])
})

test('nothing is read before the end of the event log is known', async () => {
  const page = await (await site().browser.newContext()).newPage()
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
  await page.goto(site().server.url)
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
  await page.goto(`${site().server.url}/?role=all&fate=fetched&type=image`)
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

test('a search shows its hits in words, and each choice of a filter how much it would show', async () => {
  const { page, complaints } = await open('/?q=graviton&role=all')
  await loadedTiles(page)
  const hit = page.getByRole('option').first().locator('mark')
  await expect.poll(() => hit.first().textContent()).toMatch(/^graviton$/i)
  await page.getByRole('button', { name: 'Filter' }).click()
  const types = page.getByLabel('Type', { exact: true })
  const found = await summary(page)
  await expect.poll(() => types.locator('option').allTextContents()).toEqual(['Any', `image (${found})`])
  await expectAccessible(page, 'search with counts')

  await page.goto(`${site().server.url}/?role=all`)
  const all = await summary(page)
  await page.getByRole('button', { name: 'Filter' }).click()
  const platforms = page.getByLabel('Platform', { exact: true })
  await expect.poll(() => platforms.locator('option').allTextContents()).toEqual(['Any', `linkedin (${all})`])
  const { rows } = await site().place.db.query<{ name: string }>(
    'SELECT author_username AS name FROM posts WHERE author_username IS NOT NULL ORDER BY 1 LIMIT 1',
  )
  const author = page.getByLabel('Author’s user name')
  await author.pressSequentially(rows[0]!.name.slice(0, 3).toUpperCase())
  await page.locator(`datalist option[value="${rows[0]!.name}"]`).waitFor({ state: 'attached' })
  // A part of a name is no condition yet.
  expect(new URL(page.url()).searchParams.get('author')).toBeNull()
  await author.fill(rows[0]!.name)
  await page.waitForURL(/author=/)
  await expectAccessible(page, 'filters with counts')
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(360)
  expect(complaints).toEqual([])
})

test('sounds are played, documents show their first page, and what cannot be played is a link', async () => {
  await site().place.db.query(
    `UPDATE post_media SET media_type = 'audio', mime_type = 'audio/wav'
     WHERE media_id = (SELECT media_id FROM post_media WHERE media_type = 'video' AND fate = 'fetched' LIMIT 1)`,
  )
  const { page } = await open('/?role=all&fate=fetched&type=document')
  await (await loadedTiles(page)).first().click()
  await page.getByRole('link', { name: 'Open the document' }).waitFor()
  const first = page.getByAltText('The first page')
  await expect
    .poll(() => first.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(0)
  await expectAccessible(page, 'document')

  let body = wav()
  await page.route(/\/media\/[^/]+\?/, (route) => route.fulfill({ contentType: 'audio/wav', body }))
  const openSound = async (): Promise<void> => {
    await page.goto(`${site().server.url}/?role=all&fate=fetched&type=audio`)
    await (await loadedTiles(page)).first().click()
  }
  await openSound()
  const player = page.locator('main audio')
  await expect
    .poll(() => player.evaluate((audio) => (audio as unknown as { duration: number }).duration))
    .toBeCloseTo(1, 1)
  expect(await player.getAttribute('aria-label')).toMatch(/^audio/)
  await expectAccessible(page, 'sound')
  body = Buffer.from('no sound at all')
  await openSound()
  await page.getByText('This browser cannot play audio/wav.').waitFor()
  await page.getByRole('link', { name: 'Open the file' }).waitFor()
  await expectAccessible(page, 'sound that cannot be played')
})

/** One second of silence: 8,000 samples of a byte. */
function wav(): Buffer {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + 8_000, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(8_000, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(8_000, 40)
  return Buffer.concat([head, Buffer.alloc(8_000, 128)])
}
