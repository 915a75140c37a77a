import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { buildZip, type ZipMember } from '@mediakeep/testing'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { install } from './cli.fixture.ts'
import { dropFile, expectAccessible, openPage, useSite } from './console.fixture.ts'

const SAMPLE = join(import.meta.dirname, '../../../libs/sources/src/x-archive/samples/folder')
const ZONE = '[class*=zone]'

const site = useSite(install)

async function openImports(): Promise<{ page: Page; complaints: string[] }> {
  const { page, complaints } = await openPage(site(), '/imports')
  await page.getByRole('heading', { name: 'Imports' }).waitFor()
  return { page, complaints }
}

/** Writes an archive as X sends it, of the sample of its format. @returns its path */
async function zippedSample(): Promise<string> {
  const entries = await readdir(SAMPLE, { recursive: true, withFileTypes: true })
  const members: ZipMember[] = []
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    members.push({ name: relative(SAMPLE, path), bytes: await readFile(path) })
  }
  const path = join(site().place.home, 'twitter-2026.zip')
  await writeFile(path, buildZip(members))
  return path
}

/** Returns the rows of a table as texts, without its head. */
async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = page.getByRole('table', { name: table }).locator('tbody tr')
  return await Promise.all((await rows.all()).map((row) => row.locator('th, td').allTextContents()))
}

test('a zip is dropped and watched: formats, skipped items and rejected posts are shown', async () => {
  const { page, complaints } = await openImports()
  await dropFile(page, ZONE, await zippedSample())
  await page.getByRole('button', { name: 'Watch' }).click()
  await page.getByRole('heading', { level: 1, name: 'twitter-2026.zip' }).waitFor()
  await page.getByRole('status').filter({ hasText: 'completed' }).waitFor({ timeout: 60_000 })
  expect(await rowsOf(page, 'Recognised formats')).toEqual([['x-archive', '6']])
  expect(await rowsOf(page, 'Skipped items')).toEqual([['deleted post', '1']])
  const rejected = await rowsOf(page, 'Rejected posts')
  expect(rejected.map(([file, , where]) => [file, where])).toEqual([
    ['twitter-2026.zip/data/tweets-part1.js', '/tweet/id_str'],
  ])
  await expectAccessible(page, 'run of an archive')
  await page.setViewportSize({ width: 360, height: 740 })
  expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBeLessThanOrEqual(360)
  await expectAccessible(page, 'run of an archive on a telephone')
  expect(complaints).toEqual([])
})

test('an archive that is damaged, and a file of no known format, end as failed runs with the reason', async () => {
  const { page, complaints } = await openImports()
  const whole = await readFile(await zippedSample())
  const damaged = join(site().place.home, 'damaged.zip')
  await writeFile(damaged, whole.subarray(0, whole.length - 40))
  const unknown = join(site().place.home, 'holiday.json')
  await writeFile(unknown, '{"days": [1, 2, 3]}')
  for (const [path, reason] of [
    [damaged, /damaged\.zip/],
    [unknown, /holiday\.json/],
  ] as const) {
    await page.goto(`${site().server.url}/imports`)
    await dropFile(page, ZONE, path)
    await page.getByRole('button', { name: 'Watch' }).click()
    const run = page.locator('main')
    await run.getByRole('status').filter({ hasText: 'failed' }).waitFor({ timeout: 60_000 })
    await run.getByText('No format recognised a post.').waitFor()
    await run.locator('p', { hasText: reason }).first().waitFor()
  }
  expect(complaints).toEqual([])
})

test('a folder is refused with the way to import it', async () => {
  const { page } = await openImports()
  await dropFile(page, ZONE, SAMPLE)
  await page.getByText('folder is a folder. Drop it as a zip file').waitFor()
  expect(await page.getByText('Sending …').count()).toBe(0)
})
