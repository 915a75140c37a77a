import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { png } from '../origin.fixture.ts'
import { filesIn, forever, mediaRows, useCache, useDatabase } from '../world.fixture.ts'
import type { ChildOptions, StopAt } from './crash-child.fixture.ts'
import { importExport, MACHINE, useFileStage, useFolder, writeAlbum } from './exports.fixture.ts'

const database = useDatabase()
const names = Array.from({ length: 12 }, (_, n) => `file-${n}.png`)

test.each<[StopAt, number]>([
  ['read', 0],
  ['read', 5],
  ['put', 5],
])(
  'kill -9 at %s after %i files: another process completes all, as if nothing had happened',
  async (stopAt, after) => {
    const [cache, folder] = [await useCache(), await useFolder()]
    const members = names.map((name) => ({ name, bytes: png(name) }))
    const path = await writeAlbum(join(folder, 'a.zip'), [{ id: '1', files: names }], members)
    await importExport(database(), path)
    const options: ChildOptions = {
      databaseUrl: database().url,
      cacheRoot: cache.root,
      machine: MACHINE,
      stopAt,
      after,
    }
    const child = fork(join(import.meta.dirname, 'crash-child.fixture.ts'), [JSON.stringify(options)], {
      execArgv: [],
    })
    await once(child, 'message')
    await sleep(300)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await mediaRows(database())).some(({ fate }) => fate === 'waiting')).toBe(true)
    const stage = useFileStage(database(), cache, { leaseSeconds: 2 })
    await expect
      .poll(
        async () => {
          await stage.drain(forever())
          return (await mediaRows(database())).map(({ fate }) => fate)
        },
        { timeout: 20_000 },
      )
      .toEqual(names.map(() => 'fetched'))
    const rows = await mediaRows(database())
    expect(rows.every((row) => row.download_lease_token === null)).toBe(true)
    await cache.sweepTemporary()
    expect(await filesIn(cache)).toEqual(rows.map((row) => row.local_file_path).sort())
    const { rows: places } = await database().query(
      'SELECT count(*)::int AS all, count(*) FILTER (WHERE ended_at IS NOT NULL AND end_reason IS NULL)::int AS read FROM mediakeep.media_files',
    )
    expect(places).toEqual([{ all: names.length, read: names.length }])
  },
)
