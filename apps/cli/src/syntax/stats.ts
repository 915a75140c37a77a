import { Command } from 'commander'
import { act } from '../command.ts'

/** `mediakeep stats` */
export function statsCommand(): Command {
  const command = new Command('stats').summary('count media by fate, analysis and place')
  return act(command, async () => (await import('../commands/stats.ts')).stats)
}
