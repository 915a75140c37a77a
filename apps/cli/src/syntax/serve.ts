import { Command } from 'commander'
import { act } from '../command.ts'
import type { Options } from '../commands/serve.ts'

/** `mediakeep serve` */
export function serveCommand(): Command {
  const command = new Command('serve')
    .summary('run the server, with a worker inside')
    .option('--no-worker', 'only the server; a worker runs elsewhere')
  return act<Options>(command, async () => (await import('../commands/serve.ts')).serve, { logLevel: 'info' })
}
