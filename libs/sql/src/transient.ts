// Serialization failures and deadlocks; connection failures; a server that shuts down, starts, or is full. A
// server that starts anew has no Unix socket for a moment (ENOENT).
const CODES = /^(?:40001|40P01|08\w{3}|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT)$/

/** What the driver says without a code. */
const MESSAGES = /^Connection terminated|not queryable|timeout exceeded when trying to connect/

/** Whether a statement or transaction that failed so may succeed when it is run again as it was. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && CODES.test(String(error.code))) || MESSAGES.test(error.message)
}
