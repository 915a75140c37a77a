import { pino, type Logger } from 'pino'
import type { Config } from '@mediakeep/config'

/** While stderr cannot be written, lines beyond this are dropped. */
const BUFFERED_BYTES = 1024 ** 2

/** Writes structured lines to stderr, because stdout belongs to a command's result. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  const stderr = pino.destination({ fd: 2, sync: true, maxLength: BUFFERED_BYTES })
  // A full disk or a closed terminal must not end the process: without a listener the error would.
  stderr.on('error', () => undefined)
  return pino({ level: config.logLevel, base: null, redact: ['*.authorization'] }, stderr)
}
