import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/backfill.ts'
import { withSelection } from '../selection.ts'

/** `mediakeep backfill` */
export function backfillCommand(): Command {
  const command = new Command('backfill')
    .summary('complete what earlier imports and older tools left')
    .description(
      'Reads the stored posts again, adds every media reference that has no row, completes rows whose file is cached but ' +
        'not checksummed, and fetches what waits. Running it twice changes nothing.',
    )
    .option('--resume <run>', 'continue an interrupted run')
    .option('--dry-run', 'say what is missing, write nothing')
    .option('--no-fetch', 'leave fetching to a worker')
  return act<Options>(
    withSelection(command),
    async () => (await import('../commands/backfill.ts')).runBackfill,
  )
}
