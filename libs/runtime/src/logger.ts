import { pino, type Logger } from 'pino'
import type { Config } from '@mediakeep/config'

/** While stderr is not writable, lines beyond this limit are dropped. */
const BUFFERED_BYTES = 1024 ** 2

/** Creates a logger that writes structured lines to stderr, because stdout is for a command's result. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  const stderr = pino.destination({ fd: 2, sync: true, maxLength: BUFFERED_BYTES })
  // Without a listener, an error such as a full disk or a closed terminal would end the process.
  stderr.on('error', () => undefined)
  return pino({ level: config.logLevel, base: null, redact: ['*.authorization'] }, stderr)
}
