const CODES = new RegExp(
  `^(?:${[
    // Serialization failures and deadlocks.
    '40001|40P01',
    // Connection failures; a server that shuts down, starts, or is full.
    '08\\w{3}|57P0[1-5]|53300',
    // A lock that was not free in time; a statement or transaction that exceeded its deadline.
    '55P03|57014|25P0[34]',
    // A standby: after the failover, the address will point to another server.
    '25006',
    // The network. A restarting server has no Unix socket for a moment (ENOENT).
    'ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOENT',
  ].join('|')})$`,
)

/** Driver errors that have no code. */
const MESSAGES =
  /^Connection terminated|not queryable|^Query read timeout|^timeout expired|timeout exceeded when trying to connect/

/** True if a failed statement or transaction may succeed when it is run again unchanged. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && CODES.test(String(error.code))) || MESSAGES.test(error.message)
}
