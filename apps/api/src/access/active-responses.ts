import type { ServerResponse } from 'node:http'
import type { Viewer } from '@mediakeep/access'
import type { Log } from '../ports/log.ts'
import type { Authentication } from './authentication.ts'

/** How often to check for ended credentials; an answer may continue this long after its credential has ended. */
const CHECK_EVERY_MS = 5000

/** Answers in progress by viewer, tracked because subscriptions last longer than credentials. */
export interface ActiveResponses {
  add(viewer: Viewer, response: ServerResponse): void
  close(): void
}

/** Ends answers whose viewer would no longer be admitted; checks all with one statement every five seconds. */
export function watchActiveResponses(
  authentication: Authentication,
  log: Log,
  checkEveryMs = CHECK_EVERY_MS,
): ActiveResponses {
  const open = new Map<Viewer, Set<ServerResponse>>()
  const check = async (): Promise<void> => {
    if (open.size === 0) return
    const ended = await authentication.ended([...open.keys()])
    for (const [viewer, responses] of open) {
      if (!ended.has(viewer)) continue
      log.warn(
        { credential: { id: viewer.id, name: viewer.name } },
        'responses were cut off: the credential expired or was revoked',
      )
      for (const response of responses) response.destroy()
    }
  }
  const timer = setInterval(() => {
    check().catch((error: unknown) => log.error({ err: error }, 'active responses could not be checked'))
  }, checkEveryMs)
  timer.unref()
  return {
    add(viewer, response) {
      let responses = open.get(viewer)
      if (!responses) open.set(viewer, (responses = new Set()))
      responses.add(response)
      response.once('close', () => {
        responses.delete(response)
        if (responses.size === 0) open.delete(viewer)
      })
    },
    close: () => clearInterval(timer),
  }
}
