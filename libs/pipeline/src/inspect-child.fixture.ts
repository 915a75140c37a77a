import { openCache } from '@mediakeep/cache'
import { NotMediaError } from '@mediakeep/content'
import { openPool } from '@mediakeep/postgres'
import { inspectStage } from './inspect-stage.ts'
import { scriptedInspector } from './inspector.fixture.ts'
import { silent } from './seed.fixture.ts'

/** Where the process stops for ever, to be killed there. */
export type StopAt = 'inspecting' | 'rejected'

// A process of its own that finds every file to be no media.
const { url, cache, stopAt } = JSON.parse(process.env['CHILD']!) as {
  url: string
  cache: string
  stopAt: StopAt
}
const stopHere = (): Promise<never> => {
  process.send!('stopped')
  return new Promise(() => setInterval(() => {}, 1_000))
}
const opened = await openCache(cache)
const stage = inspectStage({
  db: openPool(url),
  // The verdict is written, and the file is still there.
  cache: { ...opened, remove: stopHere },
  inspector: scriptedInspector(() =>
    stopAt === 'inspecting'
      ? stopHere()
      : Promise.reject(new NotMediaError('undecodable', 'it has no pixels')),
  ),
  concurrency: 4,
  leaseSeconds: 2,
  log: silent,
})
await stage.drain(new AbortController().signal)
