import { ConfigError, type Config } from '@mediakeep/config'
import { PluginError } from '@mediakeep/plugin-api'
import { UsageError, type ExitCode } from './command.ts'
import { explainDatabase } from './explain-database.ts'
import { explainFile } from './explain-file.ts'

interface Explanation {
  readonly message: string
  readonly exitCode: ExitCode
}

/**
 * Explains in plain words why a command ended. Wrong use and wrong configuration exit with 2, everything else with 1.
 * For unexpected errors, the stack is worth more than the message.
 */
export function explain(error: unknown, config?: Config): Explanation {
  if (!(error instanceof Error)) return { message: String(error), exitCode: 1 }
  const { message, stack = message } = error
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof PluginError)
    return { message, exitCode: 2 }
  const explained = explainDatabase(error, config) ?? explainAddress(error) ?? explainFile(error)
  if (explained !== undefined) return { message: explained, exitCode: 1 }

  return { message: 'code' in error ? message : stack, exitCode: 1 }
}

/** An address that the server cannot listen on. */
function explainAddress(
  error: NodeJS.ErrnoException & { address?: string; port?: number },
): string | undefined {
  if (error.code !== 'EADDRINUSE') return undefined
  const address = `${error.address}:${error.port}`
  return `Another program already uses ${address}, perhaps another Mediakeep. Stop it, or set PORT to another port.`
}
