import { Command } from 'commander'
import { act } from '../command.ts'

/** `mediakeep worker` */
export function workerCommand(): Command {
  const command = new Command('worker')
    .summary('run the pipeline, without a server')
    .description(
      'Imports, downloads, inspects, archives, analyses and verifies until it is stopped. Any number of workers may run.',
    )
  return act(command, async () => (await import('../commands/worker.ts')).work, { logLevel: 'info' })
}
