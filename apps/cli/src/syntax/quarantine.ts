import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/quarantine.ts'
import { withSelection } from '../selection.ts'

/** `mediakeep cache quarantine list|restore` */
export function quarantineCommand(): Command {
  const command = new Command('quarantine').summary('list rejected files, and reverse a rejection')
  command.addCommand(
    act<Options>(
      withSelection(new Command('list').summary('list the rejected files that this cache keeps')),
      async () => (await import('../commands/quarantine.ts')).list,
    ),
  )
  command.addCommand(
    act<Options>(
      withSelection(
        new Command('restore').summary(
          'reverse the rejection: the files return, and stay regardless of what a decoder reports',
        ),
      ).option('--dry-run', 'say what would return, change nothing'),
      async () => (await import('../commands/quarantine.ts')).restore,
    ),
  )
  return command
}
