import { Command, CommanderError } from 'commander'
import { tolerateClosedOutput } from './closed-output.ts'
import { analyzeCommand } from './syntax/analyze.ts'
import { archiveCommand } from './syntax/archive.ts'
import { backfillCommand } from './syntax/backfill.ts'
import { cacheCommand } from './syntax/cache.ts'
import { custodyCommand } from './syntax/custody.ts'
import { demoCommand } from './syntax/demo.ts'
import { importCommand } from './syntax/import.ts'
import { listCommand } from './syntax/list.ts'
import { serveCommand } from './syntax/serve.ts'
import { statsCommand } from './syntax/stats.ts'
import { tokenCommand } from './syntax/token.ts'
import { workerCommand } from './syntax/worker.ts'

const commands = [
  importCommand,
  backfillCommand,
  listCommand,
  cacheCommand,
  archiveCommand,
  analyzeCommand,
  custodyCommand,
  statsCommand,
  serveCommand,
  workerCommand,
  tokenCommand,
  demoCommand,
]

/** @returns 0: everything succeeded; 1: something failed, and is named; 2: wrong use or configuration */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command('mediakeep')
    .description('A self-hosted archive for the media of social posts.')
    .version('0.1.0')
    .showHelpAfterError('(run with --help for the options)')
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

/** Commander exits with 1 for wrong use, which here means that something failed. */
function exitOnWrongUse(command: Command): void {
  command.exitOverride()
  command.commands.forEach(exitOnWrongUse)
}
