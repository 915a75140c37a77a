import type { Stage } from '@mediakeep/lease'
import { exportsToRead } from '@mediakeep/media'
import { assertStorable, LEASE_SECONDS, storingPass, type StoringOptions } from '../storing-pass.ts'
import { endStrays } from './end-strays.ts'
import { exportLooker } from './look-after-exports.ts'
import { readExport } from './read-export.ts'

export interface FileStageOptions extends StoringOptions {
  /** This machine reads only the exports it has. */
  readonly machine: string
}

/** Between two looks for media that wait for nothing, while no export is read. */
const STRAYS_SECONDS = 10

/**
 * Stores media whose bytes are files of exports on this machine, in the same way as downloads and without a network:
 * one export after another. Any number of processes may run it at once.
 */
export function fileStage(options: FileStageOptions): Stage {
  const { db, machine, leaseSeconds = LEASE_SECONDS } = options
  const looker = exportLooker(db, machine)
  let straysAt = -Infinity
  return {
    name: 'files',
    async drain(signal) {
      await looker.look()
      const exports = await exportsToRead(db, machine)
      const isIdle = exports.length === 0
      if (isIdle && performance.now() - straysAt < STRAYS_SECONDS * 1000) return { done: 0, failed: 0 }
      if (!isIdle) await assertStorable(options, signal)
      const report = await storingPass(
        options,
        {
          async run(attempts, either) {
            for (const registered of exports) {
              if (either.aborted) return
              await readExport(registered, { db, attempts, leaseSeconds }, either)
            }
            await endStrays({ db, attempts, leaseSeconds }, either)
          },
        },
        signal,
      )
      straysAt = performance.now()
      return report
    },
  }
}
