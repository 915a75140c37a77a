import { Command, CommanderError } from 'commander'
import { analyzeCommand } from './commands/analyze.ts'
import { archiveCommand } from './commands/archive.ts'
import { backfillCommand } from './commands/backfill.ts'
import { cacheCommand } from './commands/cache.ts'
import { demoCommand } from './commands/demo.ts'
import { importCommand } from './commands/import.ts'
import { listCommand } from './commands/list.ts'
import { serveCommand } from './commands/serve.ts'
import { statsCommand } from './commands/stats.ts'
import { tokenCommand } from './commands/token.ts'
import { workerCommand } from './commands/worker.ts'
import { tolerateClosedOutput } from './output.ts'

const commands = [
  importCommand,
  backfillCommand,
  listCommand,
  cacheCommand,
  archiveCommand,
  analyzeCommand,
  statsCommand,
  serveCommand,
  workerCommand,
  tokenCommand,
  demoCommand,
]

/** @returns 0 all well, 1 some items failed (each named), 2 wrong use */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('mediakeep')
    .description('A self-hosted archive for the media of social posts.')
    .version('0.1.0')
    .showHelpAfterError('(--help says more)')
  for (const command of commands) program.addCommand(command())
  exitOnWrongUse(program)
  tolerateClosedOutput()
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : 2
  }
}

/** Commander ends with 1 for wrong use; for us that is "some items failed". */
function exitOnWrongUse(command: Command): void {
  command.exitOverride()
  command.commands.forEach(exitOnWrongUse)
}
