import { openCache } from '@mediakeep/cache'
import { NotMediaError } from '@mediakeep/content'
import { openPool } from '@mediakeep/postgres'
import { inspectStage } from './inspect-stage.ts'
import { scriptedInspector } from './inspector.fixture.ts'
import { silent } from '../seed.fixture.ts'

/** The point at which the process hangs, to be killed there. */
export type StopAt = 'inspecting' | 'rejected' | 'moved'

// A separate process that rejects every file as not media.
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
/** `rejected`: the verdict is written, the file is still in the cache; `moved`: it is in quarantine, but not listed. */
const keep = async (path: string, name: string): Promise<'moved' | 'present' | 'missing'> => {
  if (stopAt === 'moved') await opened.quarantine.keep(path, name)
  return stopHere()
}
const stage = inspectStage({
  db: openPool(url),
  cache: { ...opened, quarantine: { ...opened.quarantine, keep } },
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
