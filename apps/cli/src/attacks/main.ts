// Attacks a real server with little memory, few descriptors and few connections, while a second client asks for pages.
// By hand: nx run @mediakeep/cli:attack [-- <part of an attack's name>]. Exits with 1 if a page took two seconds, the
// server died, an attack failed, or something was left behind.
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, chmod } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createToken } from '@mediakeep/access'
import { migrateDatabase } from '@mediakeep/db'
import { openEmbeddedPostgres } from '@mediakeep/embedded-postgres'
import { createDatabase, openPool, type Pool } from '@mediakeep/postgres'
import { allAttacks, type Attack, type AttackContext } from './attacks.ts'
import { hostileVideo } from './hostile-video.ts'
import type { PageReport } from './page-client.ts'
import { seed } from './seed.ts'
import { startTarget, type Target } from './target.ts'

const SLOWEST_MS = 2000
/** Descriptors come and go with connections to the database and the store. */
const SPARE_DESCRIPTORS = 25
const SETTLE_SECONDS = 60
const NAME_SERVER = '127.88.0.53'

interface Row {
  readonly attack: string
  readonly slowestPageMs: number
  readonly pages: number
  readonly rssMiB: number
  readonly descriptorsLeft: number
  readonly filesLeft: number
  readonly answers: string
  readonly problems: readonly string[]
}

const folder = await mkdtemp(join(tmpdir(), 'mediakeep-attack-'))
await chmod(folder, 0o755)
const closers: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true })]
try {
  process.exitCode = await main(process.argv[2] ?? '')
} finally {
  for (const close of closers.reverse()) await close()
}

async function main(part: string): Promise<number> {
  const postgres = await openEmbeddedPostgres(join(folder, 'postgres'), {})
  closers.push(() => postgres.close())
  const databaseUrl = await createDatabase(postgres.url, 'attacked')
  await migrateDatabase(databaseUrl, { log: () => undefined })
  const db = openPool(databaseUrl, { max: 4 })
  closers.push(() => db.close())
  print('Seeding 60,000 media …')
  await seed(db)
  const tokens = await createTokens(db)
  const origin = await startOrigin()
  closers.push(() => origin.close())
  const address = `127.0.0.1:${(origin.address() as AddressInfo).port}`
  const nameServer = await startDeadNameServer()
  const target = await open(databaseUrl, address, nameServer)
  closers.push(() => target.stop())
  const context: AttackContext = { url: target.url, db, tokens, origin: `http://${address}` }
  const pages = new Worker(new URL('./page-client.ts', import.meta.url), {
    workerData: { url: target.url, token: tokens.read },
  })
  closers.push(() => pages.terminate())
  await sleep(5000)
  const chosen = allAttacks().filter(({ name }) => name.includes(part))
  const rows = [
    await measure(target, pages, { name: 'nothing, for comparison', run: () => sleep(10_000, '') }, context),
  ]
  for (const attack of chosen) {
    if (target.ended() !== undefined) break
    rows.push(await measure(target, pages, attack, context))
  }
  return verdict(rows, target)
}

async function open(databaseUrl: string, origin: string, nameServer: string | undefined): Promise<Target> {
  const home = join(folder, 'home')
  await mkdir(home)
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    MEDIAKEEP_HOME: home,
    DOWNLOAD_ALLOW_HOSTS: origin,
    PORT: '0',
    NODE_ENV: 'production',
    RATE_LIMIT: '0',
    LOG_LEVEL: 'warn',
  }
  return startTarget(env, home, nameServer)
}

async function createTokens(db: Pool): Promise<AttackContext['tokens']> {
  const create = async (scope: 'admin' | 'read' | 'analyze'): Promise<string> =>
    (await createToken(db, { name: scope, scopes: [scope], createdBy: 'attack' })).secret
  return { admin: await create('admin'), read: await create('read'), analyze: await create('analyze') }
}

/** Runs one attack, and waits until the server holds no more than before. */
async function measure(target: Target, pages: Worker, attack: Attack, context: AttackContext): Promise<Row> {
  const before = target.descriptors()
  await report(pages)
  let rss = 0
  const watch = setInterval(() => (rss = Math.max(rss, target.residentMib())), 200)
  const { answers, failures: attackFailures } = await outcomeOf(attack, context)
  const isQuiet = async (): Promise<boolean> =>
    target.descriptors() <= before + SPARE_DESCRIPTORS && (await filesLeft(target, context.db)).length === 0
  for (let n = 0; n < SETTLE_SECONDS && !(await isQuiet()); n++) await sleep(1000)
  clearInterval(watch)
  const { pages: count, slowestMs, failures } = await report(pages)
  const left = target.descriptors() - before
  const files = await filesLeft(target, context.db)
  const ended = target.ended()
  const problems = [
    ...attackFailures,
    ...(slowestMs >= SLOWEST_MS ? [`a page took ${slowestMs} ms`] : []),
    ...(failures.length > 0 ? [`${failures.length} pages failed: ${failures[0]!}`] : []),
    ...(ended === undefined ? [] : [`the server ended: ${ended}`]),
    ...(left > SPARE_DESCRIPTORS ? [`${left} descriptors are left`] : []),
    ...(files.length > 0 ? [`files are left: ${files.slice(0, 3).join(', ')}`] : []),
  ]
  const row = {
    attack: attack.name,
    slowestPageMs: slowestMs,
    pages: count,
    rssMiB: rss,
    descriptorsLeft: left,
    filesLeft: files.length,
    answers,
    problems,
  }
  print(JSON.stringify(row))
  return row
}

async function outcomeOf(
  attack: Attack,
  context: AttackContext,
): Promise<{ readonly answers: string; readonly failures: readonly string[] }> {
  try {
    return { answers: await attack.run(context), failures: [] }
  } catch (error) {
    return { answers: String(error), failures: [`the attack failed: ${String(error)}`] }
  }
}

/** Files that no import run has: an accepted upload is swept an hour after its import. */
async function filesLeft(target: Target, db: AttackContext['db']): Promise<string[]> {
  const { rows } = await db.query<{ path: string }>(
    'SELECT path FROM mediakeep.import_runs, unnest(files) AS path',
  )
  const imported = new Set(rows.map(({ path }) => path))
  return target.temporaryFiles().filter((path) => !imported.has(path))
}

async function report(pages: Worker): Promise<PageReport> {
  const answer = once(pages, 'message')
  pages.postMessage('report')
  const [pageReport] = (await answer) as [PageReport]
  return pageReport
}

function verdict(rows: readonly Row[], target: Target): number {
  print('\n| attack | slowest page | pages | rss | descriptors left | files left | answers |')
  print('| --- | --- | --- | --- | --- | --- | --- |')
  for (const row of rows) {
    const { attack, slowestPageMs, pages, rssMiB, descriptorsLeft, filesLeft, answers } = row
    const cells = [attack, `${slowestPageMs} ms`, pages, `${rssMiB} MiB`, descriptorsLeft, filesLeft, answers]
    print(`| ${cells.join(' | ')} |`)
  }
  const problems = rows.flatMap((row) => row.problems.map((problem) => `${row.attack}: ${problem}`))
  for (const problem of problems) print(problem)
  if (target.ended() !== undefined) print(target.said().slice(-5000))
  return problems.length === 0 ? 0 : 1
}

async function startOrigin(): Promise<Server> {
  const server = createServer((request, response) => {
    const number = /(\d+)\.mp4$/.exec(request.url ?? '')?.[1]
    if (number === undefined) {
      response.writeHead(404).end()
      return
    }
    const video = hostileVideo(Number(number))
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': video.length }).end(video)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Receives lookups and answers none; only root may redirect the server's lookups. */
async function startDeadNameServer(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const socket: Socket = createSocket('udp4')
  socket.bind(53, NAME_SERVER)
  const failed = await Promise.race([once(socket, 'listening').then(() => false), once(socket, 'error')])
  if (failed !== false) return undefined
  closers.push(() => socket.close())
  return NAME_SERVER
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
