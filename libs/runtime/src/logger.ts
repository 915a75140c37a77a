import { pino, type Logger } from 'pino'
import type { Config } from '@mediakeep/config'

/** Structured lines on stderr: stdout belongs to a command's result. */
export function createLogger(config: Pick<Config, 'logLevel'>): Logger {
  return pino(
    { level: config.logLevel, base: null, redact: ['*.authorization'] },
    pino.destination({ fd: 2, sync: true }),
  )
}
