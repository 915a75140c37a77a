import { setTimeout } from 'node:timers/promises'
import { openCache } from '@mediakeep/cache'
import { openPool } from '@mediakeep/postgres'
import { archiveStage } from './archive-stage.ts'
import { openArchive, type ArchiveOptions } from '../keeping.fixture.ts'
import { silent } from '../seed.fixture.ts'

// A separate process that uploads, to be killed in the middle of it.
const { url, cache, archive, leaseSeconds } = JSON.parse(process.env['CHILD']!) as {
  url: string
  cache: string
  archive: ArchiveOptions
  leaseSeconds: number
}
const store = await openArchive(archive)
let puts = 0
const stage = archiveStage({
  db: openPool(url),
  cache: await openCache(cache),
  archive: {
    ...store,
    put: async (source, signal) => {
      const stored = await store.put(source, signal)
      // The object exists, but no row has recorded it yet.
      if (++puts >= 10) {
        process.send!('uploading')
        await setTimeout(60_000)
      }
      return stored
    },
  },
  concurrency: 8,
  leaseSeconds,
  log: silent,
})
await stage.drain(new AbortController().signal)
