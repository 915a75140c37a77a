import type { PeriodicTask } from '@mediakeep/lease'
import { randomBytes } from 'node:crypto'
import { repairAnalyses } from '@mediakeep/analysis'
import type { Database } from '@mediakeep/sql'

/** Pages of contents to check per run. */
const PAGES = 20

/** Checks all contents, a part each run, for rows that do not show the analysis state of their content. */
export function repairTask(db: Database, { everySeconds }: { readonly everySeconds: number }): PeriodicTask {
  // Start anywhere: checksums are evenly distributed, and a process that restarts often still covers all of them.
  let after = randomBytes(4).toString('hex')
  return {
    name: 'analyses:repair',
    everySeconds,
    async run(signal) {
      let repaired = 0
      for (let page = 0; page < PAGES && !signal.aborted; page++) {
        const part = await repairAnalyses(db, after)
        repaired += part.repaired
        after = part.next ?? ''
        if (part.next === undefined) break
      }
      return { repaired }
    },
  }
}
