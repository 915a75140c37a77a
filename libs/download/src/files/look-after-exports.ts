import {
  endTrouble,
  exportsLeft,
  reportExports,
  takeOverExport,
  troubledExports,
  type RegisteredExport,
} from '@mediakeep/media'
import type { Database } from '@mediakeep/sql'
import { isSameExport, timeOf, troubleOf } from './find-trouble.ts'

/** Between two looks at the exports of this machine that are in trouble, and at those of other machines. */
const LOOK_SECONDS = 30

/**
 * Finds out from time to time whether exports in trouble can be read again, and whether this machine has those of a
 * machine that is silent: a container that was made anew has another name and the same disk.
 */
export function exportLooker(db: Database, machine: string): { look(): Promise<void> } {
  let lookedAt = -Infinity
  /** Files that were read and found to be others, by size and time: reading them again would find the same. */
  const others = new Map<string, string>()
  const isBack = async (registered: RegisteredExport): Promise<boolean> => {
    const trouble = await troubleOf(registered)
    if (registered.kind === 'folder' || trouble === undefined) return trouble === undefined
    if (others.get(registered.exportId) === trouble) return false
    if (await isSameExport(registered)) return true
    others.set(registered.exportId, trouble)
    return false
  }
  const lookAtTroubled = async (): Promise<void> => {
    for (const registered of await troubledExports(db, machine)) {
      if (!(await isBack(registered))) continue
      await endTrouble(db, { ...registered, modifiedAt: await timeOf(registered) })
    }
  }
  const lookAtLeft = async (): Promise<void> => {
    for (const registered of await exportsLeft(db, machine)) {
      if (!(await isSameExport(registered)) || !(await takeOverExport(db, registered, machine))) continue
      await endTrouble(db, { ...registered, modifiedAt: await timeOf(registered) })
    }
  }
  return {
    async look() {
      if (performance.now() - lookedAt < LOOK_SECONDS * 1000) return
      lookedAt = performance.now()
      await reportExports(db, machine)
      await lookAtTroubled()
      await lookAtLeft()
    },
  }
}
