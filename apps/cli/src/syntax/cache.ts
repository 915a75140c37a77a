import { Command, InvalidArgumentError } from 'commander'
import { act, type CommonOptions } from '../command.ts'
import { type Selection, withSelection } from '../selection.ts'
import { quarantineCommand } from './quarantine.ts'

/** `mediakeep cache stats|verify|evict|adopt|inspect|quarantine` */
export function cacheCommand(): Command {
  const command = new Command('cache').summary('manage the local files')
  command.addCommand(
    act<CommonOptions>(
      new Command('stats').summary('count files and bytes'),
      async () => (await import('../commands/cache.ts')).stats,
    ),
  )
  command.addCommand(
    act<CommonOptions & Selection>(
      withSelection(
        new Command('verify').summary('read every file again, on all cores, and repair what is damaged'),
      ).option('--dry-run', 'report what is damaged, restore nothing'),
      async () => (await import('../commands/cache.ts')).verify,
    ),
  )
  command.addCommand(
    act<CommonOptions & { maxBytes?: number }>(
      new Command('evict')
        .summary('remove the least recently used files, but only those that the archive holds, verified')
        .option('--max-bytes <n>', 'keep at most this many bytes (default: CACHE_MAX_BYTES)', parseBytes)
        .option('--dry-run', 'say what would be removed, remove nothing'),
      async () => (await import('../commands/cache.ts')).evict,
    ),
  )
  command.addCommand(
    act<CommonOptions>(
      new Command('adopt')
        .summary('move the files of an older cache, named by the MD5 of their URL, into this one')
        .argument('<dir>')
        .option('--dry-run', 'say what would be adopted, move nothing'),
      async () => (await import('../commands/cache.ts')).adopt,
    ),
  )
  command.addCommand(
    act<CommonOptions & Selection>(
      withSelection(
        new Command('inspect').summary('inspect files again whose inspection was given up without a verdict'),
      ).option('--dry-run', 'say which, change nothing'),
      async () => (await import('../commands/cache.ts')).retry,
    ),
  )
  command.addCommand(quarantineCommand())
  return command
}

function parseBytes(text: string): number {
  const bytes = Number(text)
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw new InvalidArgumentError('Expected bytes, such as 1073741824.')
  return bytes
}
