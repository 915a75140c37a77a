import type { BrowserContext, Page, Request } from 'playwright-core'
import { expect, test } from 'vitest'
import { TILES, useSite } from './console.fixture.ts'
import { installSample } from './sample.fixture.ts'

const LONG = { timeout: 180_000 }

const site = useSite(installSample, '--no-worker')

/** Counts the streams that a tab has opened and not closed. */
function openStreams(page: Page): () => number {
  let count = 0
  const isStream = (request: Request): boolean =>
    request.postData()?.includes('"MediaStatusChanged"') ?? false
  page.on('request', (request) => isStream(request) && count++)
  page.on('requestfailed', (request) => isStream(request) && count--)
  page.on('requestfinished', (request) => isStream(request) && count--)
  return () => count
}

interface Tab {
  readonly page: Page
  readonly streams: () => number
}

async function openTabs(context: BrowserContext, count: number): Promise<Tab[]> {
  const tabs: Tab[] = []
  for (let n = 0; n < count; n++) {
    const page = await context.newPage()
    tabs.push({ page, streams: openStreams(page) })
    await page.goto(`${site().server.url}/?role=all&fate=fetched`)
    await page.locator(TILES).first().waitFor({ timeout: 60_000 })
  }
  return tabs
}

/** Counts the failed analyses that the tab shows in its tiles. */
async function failed({ page }: Tab): Promise<number> {
  return page.locator(`${TILES} [class*=failed]`).count()
}

async function isLive({ page }: Tab): Promise<void> {
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 })
}

let changed = 0
/** Changes the status of one more item, and logs it in the same statement, as a worker does. */
async function changeOne(): Promise<void> {
  const { rowCount } = await site().place.db.query(
    `WITH changed AS (
       UPDATE post_media SET ai_analysis_status = 'failed' WHERE media_id =
         (SELECT media_id FROM post_media WHERE fate = 'fetched' AND posted_at IS NOT NULL
          ORDER BY posted_at DESC, media_id DESC OFFSET $1 LIMIT 1)
       RETURNING media_id, post_id)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', media_id, 'postId', post_id, 'what', 'analysis',
       'from', 'completed', 'to', 'failed')) FROM changed`,
    [changed++],
  )
  expect(rowCount).toBe(1)
}

async function expectShown(tabs: readonly Tab[]): Promise<void> {
  for (const tab of tabs) await expect.poll(() => failed(tab), { timeout: 60_000 }).toBe(changed)
}

function leaders(tabs: readonly Tab[]): Tab[] {
  return tabs.filter(({ streams }) => streams() > 0)
}

async function oneLeader(tabs: readonly Tab[]): Promise<Tab> {
  await expect.poll(() => leaders(tabs).length, { timeout: 60_000 }).toBe(1)
  return leaders(tabs)[0]!
}

/** Makes a tab visible or hidden; headless browsers always show tabs. */
async function setVisible({ page }: Tab, isVisible: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${isVisible ? 'visible' : 'hidden'}', configurable: true })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`)
}

/** Makes a tab stop answering without closing its stream. */
async function hang({ page }: Tab): Promise<void> {
  page.evaluate('for (;;);').catch(() => undefined)
  await new Promise((resolve) => setTimeout(resolve, 100))
}

// Browsers have no Web Locks on plain http, except on localhost.
const withoutLocks = `Object.defineProperty(navigator, 'locks', { value: undefined })
  Object.defineProperty(crypto, 'randomUUID', { value: undefined })
  Object.defineProperty(crypto, 'subtle', { value: undefined })`

test.each([
  ['by Web Locks', ''],
  ['by messages', withoutLocks],
])('twelve tabs share one stream, %s, and hand it over without loss', LONG, async (_name, script) => {
  const context = await site().browser.newContext()
  if (script !== '') await context.addInitScript(script)
  let tabs = await openTabs(context, 12)
  for (const tab of tabs) await isLive(tab)
  const first = await oneLeader(tabs)
  await changeOne()
  await expectShown(tabs)

  // The leader closes, with a change before another tab can have taken over.
  await Promise.all([first.page.close(), changeOne()])
  tabs = tabs.filter((tab) => tab !== first)
  await expectShown(tabs)
  const second = await oneLeader(tabs)
  await changeOne()
  await expectShown(tabs)

  // Hidden: the tab closes its stream and receives changes from the others.
  await setVisible(second, false)
  await expect.poll(() => second.streams()).toBe(0)
  await changeOne()
  await expectShown(tabs)
  const third = await oneLeader(tabs)
  expect(third).not.toBe(second)

  // The leader hangs: another tab notices that it is silent.
  const others = tabs.filter((tab) => tab !== third)
  await hang(third)
  await expect.poll(() => leaders(others).length, { timeout: 60_000 }).toBe(1)
  await changeOne()
  await expectShown(others)

  // No tab is visible, so there is no stream; changes made meanwhile appear as soon as one is.
  for (const tab of others) await setVisible(tab, false)
  await expect.poll(() => leaders(others).length).toBe(0)
  await changeOne()
  await setVisible(others[0]!, true)
  await expectShown(others)
  await context.close()
})

test('tabs of one browser with different tokens do not share a stream', LONG, async () => {
  const context = await site().browser.newContext()
  const tabs: Tab[] = []
  for (const name of ['first', 'second']) {
    const { stdout } = await site().place.run('token', 'create', '--json', '--name', name, '--scopes', 'read')
    const { secret } = JSON.parse(stdout) as { secret: string }
    const page = await context.newPage()
    await page.addInitScript(`sessionStorage.setItem('mediakeep-token', '${secret}')`)
    tabs.push({ page, streams: openStreams(page) })
    await page.goto(site().server.url)
  }
  for (const tab of tabs) await isLive(tab)
  await expect.poll(() => tabs.map(({ streams }) => streams()), { timeout: 60_000 }).toEqual([1, 1])
  await context.close()
})
