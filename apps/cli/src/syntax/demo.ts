import { Command } from 'commander'
import { act } from '../command.ts'

/** `mediakeep demo` */
export function demoCommand(): Command {
  const command = new Command('demo')
    .summary('serve, and import the sample')
    .description(
      'Starts the server and a worker on the configured database, cache and archive, imports twenty invented posts whose ' +
        'media come from a small server of its own, analyses them, prints the result, and keeps serving.',
    )
  return act(command, async () => (await import('../commands/demo.ts')).demo)
}
