import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import type { ChildProcess } from 'node:child_process'
import { AxeBuilder } from '@axe-core/playwright'
import chromium from '@sparticuz/chromium'
import {
  chromium as playwright,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { Installation } from './cli.fixture.ts'

export const TILES = '[role=option]'

export async function openBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox'],
    headless: true,
  })
}

/** A server of the installation that can stop and start again at the same address. */
export interface ConsoleServer {
  readonly url: string
  start(): Promise<void>
  stop(): Promise<void>
}

/** Shared by the tests of a file. */
export interface Site {
  readonly browser: Browser
  readonly place: Installation
  readonly server: ConsoleServer
}

/**
 * Opens a browser, an installation and its server before the tests of the file, and closes them afterwards.
 * @param prepare makes the installation before its server starts
 * @param args of `mediakeep serve`; `--no-worker` keeps the counts as they were prepared
 */
export function useSite(prepare: () => Promise<Installation>, ...args: string[]): () => Site {
  let site: Site
  beforeAll(async () => {
    const browser = await openBrowser()
    const place = await prepare()
    site = { browser, place, server: await startConsole(place, {}, ...args) }
  })
  // Pages that stay open would keep computing during the tests after theirs.
  afterEach(() => Promise.all(site.browser.contexts().map((context) => context.close())))
  afterAll(async () => {
    await site.browser.close()
    await site.server.stop()
    await site.place.remove()
  })
  return () => site
}

/** Opens a path in a browser context of its own. */
export async function openPage(
  { browser, server }: Site,
  path: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext(options)).newPage()
  const complaints = complaintsOf(page)
  await page.goto(server.url + path)
  return { page, complaints }
}

export async function startConsole(
  place: Installation,
  env: NodeJS.ProcessEnv = {},
  ...args: string[]
): Promise<ConsoleServer> {
  const port = await freePort()
  let child: ChildProcess
  const server: ConsoleServer = {
    url: `http://127.0.0.1:${port}`,
    async start() {
      child = place.startWith({ ...env, PORT: String(port) }, 'serve', ...args)
      await new Promise<void>((resolve, reject) => {
        let said = ''
        child.stderr!.on('data', (text: Buffer) => {
          said += text.toString()
          if (said.includes('serves http')) resolve()
        })
        child.once('exit', () => reject(new Error(`The server ended: ${said}`)))
      })
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
  await server.start()
  return server
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Returns the gallery's tiles once all that are drawn have loaded: only then can they be opened or selected. */
export async function loadedTiles(page: Page): Promise<Locator> {
  const tiles = page.locator(TILES)
  await tiles.first().waitFor()
  await expect.poll(() => tiles.getByText('loading', { exact: true }).count()).toBe(0)
  return tiles
}

/** Returns the number of items that the gallery says it shows. */
export async function summary(page: Page): Promise<number> {
  const said = page.locator('search [role=status]')
  await expect.poll(() => said.textContent()).toMatch(/^[\d,]+ items?$/)
  return numberIn((await said.textContent())!)
}

export function numberIn(text: string): number {
  return Number(/[\d,]+/.exec(text)![0].replaceAll(',', ''))
}

/** Returns a list to which the page's errors and warnings are added as they occur. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

/** Drops a file of this machine on an element, as a user would. */
export async function dropFile(page: Page, selector: string, path: string): Promise<void> {
  const box = (await page.locator(selector).boundingBox())!
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [path], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...at, data })
  await session.detach()
}

/** Runs axe-core for WCAG 2.2 AA and its own best practices, in both colour schemes. */
export async function expectAccessible(page: Page, view: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Wait until the page is drawn in these colours.
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))')
    const { violations } = await new AxeBuilder({ page })
      // The console has no frames; without them axe needs no page of its own for its report.
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .analyze()
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
    )
    expect(found, `${view}, ${colorScheme}`).toEqual([])
  }
}
