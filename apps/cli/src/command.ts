import { ArchiveError } from '@mediakeep/content'
import { ConfigError } from '@mediakeep/config'
import { EmbeddedPostgresError } from '@mediakeep/embedded-postgres'
import { PluginError } from '@mediakeep/plugin-api'
import type { Command } from 'commander'
import { createOutput, type Output } from './output.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'

/** 0 all well, 1 some items failed (each named), 2 wrong use. */
export type ExitCode = 0 | 1 | 2

/** What is wrong with how a command was called. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export type Work<Options> = (parts: {
  readonly options: Options
  readonly args: readonly string[]
  readonly session: Session
  readonly output: Output
}) => Promise<ExitCode>

/** Gives a command its work: opens a session, reports errors in one line, closes, sets the exit code. */
export function act<Options extends { json?: boolean }>(
  command: Command,
  work: Work<Options>,
  sessionOptions: SessionOptions = { logLevel: 'warn' },
): Command {
  return command.option('--json', 'print the result as JSON').action(async () => {
    const options = command.opts<Options>()
    const output = createOutput({ json: options.json === true })
    process.exitCode = await perform(command.args, options, output, work, sessionOptions)
  })
}

async function perform<Options>(
  args: readonly string[],
  options: Options,
  output: Output,
  work: Work<Options>,
  sessionOptions: SessionOptions,
): Promise<ExitCode> {
  let session: Session | undefined
  try {
    session = openSession(sessionOptions)
    return await work({ options, args, session, output })
  } catch (error) {
    if (session?.signal.aborted) {
      output.note('Stopped. What was not finished goes on at the next start.')
      return 1
    }
    output.note(describe(error))
    return error instanceof UsageError || error instanceof ConfigError || error instanceof PluginError ? 2 : 1
  } finally {
    await session?.close()
  }
}

/** Errors we know speak for themselves; of others the trace is worth more than the sentence. */
function describe(error: unknown): string {
  const known = [UsageError, ConfigError, PluginError, EmbeddedPostgresError, ArchiveError]
  if (!(error instanceof Error)) return String(error)
  const isExpected = known.some((type) => error instanceof type) || 'code' in error
  return `mediakeep: ${isExpected ? error.message : (error.stack ?? error.message)}`
}
