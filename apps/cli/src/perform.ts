import type { CommonOptions, ExitCode, Work } from './command.ts'
import { explain } from './explain.ts'
import { createOutput } from './output.ts'
import { openSession, type Session, type SessionOptions } from './session.ts'

/** Opens a session, does the work of a command, reports its error in plain words, and closes. */
export async function perform<Options extends CommonOptions>(
  args: readonly string[],
  options: Options,
  work: Work<Options>,
  sessionOptions: SessionOptions,
): Promise<ExitCode> {
  const output = createOutput({ json: options.json === true })
  let session: Session | undefined
  try {
    session = openSession(sessionOptions)
    return await work({ options, args, session, output })
  } catch (error) {
    if (session?.signal.aborted) {
      output.note('Stopped. The next run continues with what was not finished.')
      return 1
    }
    const { message, exitCode } = explain(error, session?.config)
    output.note(`mediakeep: ${message}`)
    return exitCode
  } finally {
    await session?.close()
  }
}
