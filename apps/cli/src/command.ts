import type { Command } from 'commander'
import type { Output } from './output.ts'
import type { Session, SessionOptions } from './session.ts'

/** 0: everything succeeded. 1: something failed, and is named. 2: wrong use or configuration. */
export type ExitCode = 0 | 1 | 2

/** The command was used wrongly: nothing was started. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export type Work<Options> = (parts: {
  readonly options: Options
  readonly args: readonly string[]
  readonly session: Session
  readonly output: Output
}) => Promise<ExitCode>

export interface CommonOptions {
  readonly json?: boolean
  readonly dryRun?: boolean
}

/**
 * Connects a command to its work. The module that does it is loaded when the command runs, so that `--help` and wrong
 * use get an answer at once.
 */
export function act<Options extends CommonOptions>(
  command: Command,
  load: () => Promise<Work<Options>>,
  sessionOptions: SessionOptions = { logLevel: 'warn' },
): Command {
  return command.option('--json', 'print the result as JSON').action(async () => {
    const [{ perform }, work] = await Promise.all([import('./perform.ts'), load()])
    process.exitCode = await perform(command.args, command.opts<Options>(), work, sessionOptions)
  })
}
