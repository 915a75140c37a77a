import { connect, type Socket } from 'node:net'
import type pg from 'pg'
import type { SessionClient } from './session-client.ts'

/** Milliseconds that a cancelled statement has to end before its connection is cut. */
const CANCEL_MS = 2000
const CANCEL_REQUEST = 80877102

/** Driver fields that its types omit. */
interface Internals {
  readonly host: string
  readonly port: number
  readonly processID: number | null
  readonly secretKey: number | null
}

/**
 * Asks the server to cancel the connection's running statement, over a second connection as the protocol requires; if
 * that does not help, cuts the first. Do not use the connection again: the request may arrive late.
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export function cancelStatement(client: pg.ClientBase): void {
  const { host, port, processID, secretKey } = client as unknown as Internals
  const cut = setTimeout(() => (client as unknown as SessionClient).destroy(), CANCEL_MS).unref()
  client.once('end', () => clearTimeout(cut))
  if (processID === null || secretKey === null) return
  const request = Buffer.alloc(16)
  ;[16, CANCEL_REQUEST, processID, secretKey].forEach((value, n) => request.writeInt32BE(value, 4 * n))
  const socket: Socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect({ host, port })
  // The server replies by closing the socket. If it cannot be reached, the timer above cuts the first connection.
  socket.on('error', () => undefined)
  socket.setTimeout(CANCEL_MS, () => socket.destroy())
  socket.end(request)
}
