import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startFaultyProxy, type FaultyProxy } from '@mediakeep/faults'
import type { Sql } from '@mediakeep/sql'
import { startFauxqs } from 'fauxqs'
import { expect } from 'vitest'
import { install, type Installation } from '../cli.fixture.ts'
import { startServerWith, type ServerProcess } from '../server.fixture.ts'
import { acknowledged, expectWhole, untilFinished } from './invariants.fixture.ts'
import { startPictureOrigin, type PictureOrigin } from './pictures.fixture.ts'

const BUCKET = 'drill'

/** One machine: a server with its worker, and its own home and cache. */
interface Machine extends ServerProcess {
  readonly home: string
  /** Returns the status and body of `/health/ready`. */
  ready(): Promise<{ readonly status: number; readonly text: string }>
}

interface MachineOptions {
  /** Name of its home; default "one". */
  readonly name?: string
  readonly env?: NodeJS.ProcessEnv
  readonly args?: readonly string[]
  /** Command that runs it; default this Node.js. */
  readonly program?: readonly string[]
}

/** An installation with parts that can be broken: database, S3 store, a source of pictures, any number of machines. */
export interface Drill {
  readonly place: Installation
  readonly origin: PictureOrigin
  readonly store: FaultyProxy
  machine(options?: MachineOptions): Promise<Machine>
  /** Returns the home of a machine, which may not have been started yet. */
  home(name?: string): string
  /** Records what is acknowledged now: it must exist at the end. @returns the number recorded so far */
  note(): Promise<number>
  /** Waits until all work is done, and checks what must hold after every failure. */
  expectWhole(
    media: number,
    options?: { readonly seconds?: number; readonly sql?: Sql; readonly mayEvict?: boolean },
  ): Promise<void>
  close(): Promise<void>
}

export async function openDrill(): Promise<Drill> {
  const place = await install()
  const origin = await startPictureOrigin()
  const fauxqs = await startFauxqs({ port: 0, logger: false })
  const store = await startFaultyProxy(`http://127.0.0.1:${fauxqs.port}`)
  const created = await fetch(`http://127.0.0.1:${fauxqs.port}/${BUCKET}`, { method: 'PUT' })
  expect(created.status).toBe(200)
  const homes = await mkdtemp(join(tmpdir(), 'mediakeep-drill-'))
  // An embedded PostgreSQL runs as another user.
  await chmod(homes, 0o755)
  const machines: ServerProcess[] = []
  const seen = new Set<string>()
  const settings = {
    DOWNLOAD_ALLOW_HOSTS: origin.host,
    S3_ENDPOINT: store.endpoint,
    S3_BUCKET: BUCKET,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'drill',
    AWS_SECRET_ACCESS_KEY: 'drill',
  }
  const readObject = async (url: string): Promise<Buffer> => {
    const answer = await fetch(`http://127.0.0.1:${fauxqs.port}/${url.replace(/^s3:\/\//, '')}`)
    expect(answer.status, url).toBe(200)
    return Buffer.from(await answer.arrayBuffer())
  }
  return {
    place,
    origin,
    store,
    home: (name = 'one') => join(homes, name),
    async machine({ name = 'one', env = {}, args = [], program = [process.execPath] } = {}) {
      const home = join(homes, name)
      await mkdir(home, { recursive: true })
      const all = { ...settings, MEDIAKEEP_HOME: home, ...env }
      const startWith: Installation['startWith'] = (changes, ...given) =>
        place.startBy(program, changes, ...given)
      const server = await startServerWith(all, { ...place, startWith }, ...args)
      machines.push(server)
      return {
        ...server,
        home,
        async ready() {
          const answer = await fetch(`${server.url}/health/ready`, { signal: AbortSignal.timeout(15_000) })
          return { status: answer.status, text: await answer.text() }
        },
      }
    },
    async note() {
      for (const sha256 of await acknowledged(place.db)) seen.add(sha256)
      return seen.size
    },
    async expectWhole(media, { seconds = 120, sql = place.db, mayEvict } = {}) {
      await untilFinished(sql, seconds)
      await expectWhole({ sql, readObject }, { media, seen, mayEvict })
    },
    async close() {
      for (const machine of machines) {
        if (machine.process.exitCode !== null || machine.process.signalCode !== null) continue
        const exit = once(machine.process, 'exit')
        machine.process.kill('SIGCONT')
        machine.process.kill('SIGKILL')
        await exit
      }
      await origin.close()
      await store.close()
      await fauxqs.stop()
      await place.remove()
      await rm(homes, { recursive: true, force: true })
    },
  }
}
