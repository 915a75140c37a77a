import { Command, InvalidArgumentError } from 'commander'
import { act } from '../command.ts'
import type { MoveOptions } from '../commands/archive-move.ts'
import type { Options } from '../commands/archive.ts'
import { withSelection } from '../selection.ts'

/** `mediakeep archive run|verify|restore|move` */
export function archiveCommand(): Command {
  const command = new Command('archive').summary('upload, check and restore archived media')
  const run = new Command('run').summary(
    'upload what is fetched but not archived, including uploads that were given up',
  )
  const verify = new Command('verify').summary('check archived media, and repair what is damaged')
  const restore = new Command('restore').summary('copy archived media back into the cache')
  verify.option('--deep', 'read every byte, not only size and metadata')
  verify.option(
    '--accept-missing',
    'restore missing objects even if most are missing; use it when they are known to be lost',
  )
  command.addCommand(
    act<Options>(
      withSelection(run).option('--dry-run', 'list what would be uploaded'),
      async () => (await import('../commands/archive.ts')).runArchive,
    ),
  )
  command.addCommand(
    act<Options>(
      withSelection(verify).option('--dry-run', 'list what would be checked'),
      async () => (await import('../commands/archive.ts')).check,
    ),
  )
  command.addCommand(
    act<Options>(
      withSelection(restore).option('--dry-run', 'list what would be restored'),
      async () => (await import('../commands/archive.ts')).bringBack,
    ),
  )
  command.addCommand(
    act<MoveOptions>(moveSyntax(), async () => (await import('../commands/archive-move.ts')).moveToArchive),
  )
  return command
}

function moveSyntax(): Command {
  return new Command('move')
    .summary('copy everything from the archive used before into the configured one')
    .description(
      'Copies every archived content into the configured archive, reads it back there, and only then updates the rows. ' +
        'The old archive keeps its objects. Run it again to continue.',
    )
    .option('--from <folder|s3://bucket>', 'the archive used before (default: the folder in MEDIAKEEP_HOME)')
    .option('--limit <n>', 'copy at most n contents', parseLimit)
    .option('--dry-run', 'count what would be copied')
}

function parseLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isSafeInteger(limit) || limit < 1) throw new InvalidArgumentError('Expected a number above 0.')
  return limit
}
