import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/analyze.ts'
import { withSelection } from '../selection.ts'

/** `mediakeep analyze` */
export function analyzeCommand(): Command {
  const command = new Command('analyze')
    .summary('analyse media that are not analysed yet')
    .description(
      'Runs each configured analyser on every selected media item that is not analysed yet, or whose analysis failed. ' +
        '`facts` and `ocr` need no key; `vision` asks a model where one is configured. A file that many posts show is ' +
        'analysed once.',
    )
    .option('--dry-run', 'list what would be analysed')
  return act<Options>(withSelection(command), async () => (await import('../commands/analyze.ts')).analyze)
}
