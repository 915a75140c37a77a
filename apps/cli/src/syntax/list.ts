import { Command, Option } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/list.ts'
import { withSelection } from '../selection.ts'

const FATES = ['waiting', 'fetched', 'expired', 'gone', 'blocked', 'rejected', 'failed']

/** `mediakeep list` */
export function listCommand(): Command {
  const command = new Command('list')
    .summary('list media with their fate, checksums and places')
    .addOption(new Option('--fate <fate>', 'only media of this fate').choices(FATES))
  return act<Options>(withSelection(command), async () => (await import('../commands/list.ts')).list)
}
