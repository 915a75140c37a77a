import type { StageLog } from '@mediakeep/lease'

/** Silent unless something goes wrong: the bench would then measure something else than it says. */
export const stageLog: StageLog = {
  info: () => undefined,
  warn: (details, message) => complain(details, message),
  error: (details, message) => complain(details, message),
}

function complain(details: object, message: string): void {
  process.stderr.write(`${message}: ${JSON.stringify(details, errorText)}\n`)
}

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value
}
