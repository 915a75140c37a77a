import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/analyze.ts'
import { withSelection } from '../selection.ts'

const collect = (name: string, names: readonly string[] = []): readonly string[] => [...names, name]

/** `mediakeep analyze` */
export function analyzeCommand(): Command {
  const command = new Command('analyze')
    .summary('analyse media that are not analysed yet')
    .description(
      'Runs each configured analyser on every selected media item that is not analysed yet, or whose analysis failed. ' +
        '`facts` and `ocr` need no key; `vision` asks a model where one is configured. A file that many posts show is ' +
        'analysed once. Media whose analysis was completed before an analyser was added are left alone, unless you ask ' +
        'for them with --missing.',
    )
    .option('--missing', 'run analysers on media that were completed before these analysers were added')
    .option(
      '--analyser <name>',
      'run only this analyser; without --missing, again on media that have a result of it (repeatable)',
      collect,
    )
    .option('--dry-run', 'list what would be analysed')
  return act<Options>(withSelection(command), async () => (await import('../commands/analyze.ts')).analyze)
}
