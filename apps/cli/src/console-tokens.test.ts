import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { Installation } from './cli.fixture.ts'
import { expectAccessible, loadedTiles, useSite } from './console.fixture.ts'
import { disturb } from './disturbed-sample.fixture.ts'
import { installSample } from './sample.fixture.ts'

const site = useSite(async () => {
  const place = await installSample()
  await disturb(place.db)
  await createToken(place, 'admin')
  return place
}, '--no-worker')

let created = 0
async function createToken(place: Installation, scopes: string): Promise<{ name: string; secret: string }> {
  const name = `${scopes}-${++created}`
  const { stdout } = await place.run('token', 'create', '--json', '--name', name, '--scopes', scopes)
  return { name, secret: (JSON.parse(stdout) as { secret: string }).secret }
}

async function expire(name: string): Promise<void> {
  const { rowCount } = await site().place.db.query(
    `UPDATE mediakeep.api_tokens SET expires_at = now() - interval '1 second' WHERE name = $1`,
    [name],
  )
  expect(rowCount).toBe(1)
}

async function openPage(context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await site().browser.newContext())).newPage()
  await page.goto(site().server.url)
  return page
}

async function giveToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('API token').fill(token)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function signIn(page: Page, token: string): Promise<void> {
  await giveToken(page, token)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

test('the dialog says why a token does not do, and keeps what was typed', async () => {
  const page = await openPage()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  expect(await dialog.getByRole('alert').count()).toBe(0)
  await giveToken(page, 'mk_wrong')
  await dialog.getByText('The token is not valid on this server.').waitFor()
  expect(await page.getByLabel('API token').inputValue()).toBe('mk_wrong')
  await expectAccessible(page, 'sign-in dialog with a wrong token')

  const expired = await createToken(site().place, 'read')
  await expire(expired.name)
  await giveToken(page, expired.secret)
  await dialog.getByText('The token has expired.').waitFor()

  const worker = await createToken(site().place, 'analyze')
  await giveToken(page, worker.secret)
  await dialog.getByText(`The token “${worker.name}” allows analyze only.`).waitFor()
})

test('a token that expires while it is used is not a lost connection', { timeout: 60_000 }, async () => {
  const page = await openPage()
  const token = await createToken(site().place, 'read')
  await signIn(page, token.secret)
  await page.getByText('Live', { exact: true }).waitFor()
  await expire(token.name)
  await page.getByRole('dialog').getByText('The token has expired.').waitFor({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  await page.getByText('Not signed in').waitFor()
  await page.waitForTimeout(3_000)
  expect(await page.getByText('Connection lost').count()).toBe(0)
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('what a token does not allow is not offered', { timeout: 60_000 }, async () => {
  const page = await openPage()
  await signIn(page, (await createToken(site().place, 'read')).secret)
  await (await loadedTiles(page)).first().focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Download' }).waitFor()
  expect(await page.getByRole('group', { name: 'Actions' }).getByRole('button').allTextContents()).toEqual([
    'Download',
  ])
  await page.getByRole('link', { name: 'Imports', exact: true }).click()
  await page.getByText('Your token does not allow importing.').waitFor()
  expect(await page.getByRole('button', { name: 'Choose files' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Overview', exact: true }).click()
  await page.getByRole('heading', { name: 'Failures by reason' }).waitFor()
  expect(await page.getByRole('button', { name: /^Try again/ }).count()).toBe(0)
  await expectAccessible(page, 'overview with a token that only reads')
})

test('a token that imports alone is told so, and is not offline', { timeout: 60_000 }, async () => {
  const page = await openPage()
  await signIn(page, (await createToken(site().place, 'import')).secret)
  await page.getByText('Not live: your token does not allow it').waitFor()
  await page.getByText(/Your token does not allow this: .*read/).waitFor()
  await page.getByRole('link', { name: 'Imports', exact: true }).click()
  await page.getByRole('button', { name: 'Choose files' }).waitFor()
  await page.waitForTimeout(3_000)
  expect(await page.getByText('Connection lost').count()).toBe(0)
})

test('a sign-in outlives the tab only where it is to be kept, and ends in all tabs at once', async () => {
  const { secret } = await createToken(site().place, 'read')
  const forgetful = await site().browser.newContext()
  const first = await openPage(forgetful)
  await signIn(first, secret)
  await first.getByText('Live', { exact: true }).waitFor()
  await (await openPage(forgetful)).getByRole('dialog').waitFor()

  const keeping = await site().browser.newContext()
  const kept = await openPage(keeping)
  await kept.getByLabel('Keep me signed in on this browser').check()
  await signIn(kept, secret)
  await kept.close()
  const [one, other] = [await openPage(keeping), await openPage(keeping)]
  for (const page of [one, other]) await loadedTiles(page)
  await one.getByRole('button', { name: /^Sign out \(signed in as read-\d+\)$/ }).click()
  for (const page of [one, other]) await page.getByRole('dialog').waitFor()
})
