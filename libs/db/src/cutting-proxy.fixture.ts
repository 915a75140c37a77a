import { connect, createServer, type Socket } from 'node:net'

export interface CuttingProxy {
  readonly url: string
  /** Number of statements seen so far. */
  readonly seen: () => number
  close(): Promise<void>
}

const QUERY = 0x51
const PARSE = 0x50

/**
 * A proxy between a client and PostgreSQL that cuts all connections at a client's n-th statement: either before it
 * arrives, or after it is sent but before its result is read. To the server, it looks like a killed client.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export async function openCuttingProxy(
  url: string,
  cut: { readonly at: number; readonly arrives: boolean },
): Promise<CuttingProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let seen = 0
  const cutAll = (): void => sockets.forEach((socket) => socket.destroy())
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => cutPair(client, upstream))
    }
    upstream.pipe(client)
    const count = messageCounter((type) => {
      if (type === QUERY || type === PARSE) seen++
      return seen === cut.at && (type === QUERY || type === PARSE)
    })
    client.on('data', (data: Buffer) => {
      if (seen >= cut.at) return
      const isReached = count(data)
      if (!isReached) upstream.write(data)
      else if (cut.arrives) upstream.write(data, () => setTimeout(cutAll, 2))
      else cutAll()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxied = new URL(url)
  proxied.port = String((server.address() as { port: number }).port)
  return {
    url: proxied.href,
    seen: () => seen,
    close: async () => {
      cutAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function cutPair(...pair: Socket[]): void {
  for (const socket of pair) socket.destroy()
}

/** Reports the type of each client message as it begins. A connection's first message has no type. */
function messageCounter(onMessage: (type: number) => boolean): (data: Buffer) => boolean {
  let rest = Buffer.alloc(0)
  let isFirst = true
  let skip = 0
  return (data) => {
    let isReached = false
    rest = Buffer.concat([rest, data])
    for (;;) {
      const skipped = Math.min(skip, rest.length)
      rest = rest.subarray(skipped)
      skip -= skipped
      const head = isFirst ? 4 : 5
      if (skip > 0 || rest.length < head) return isReached
      if (!isFirst && onMessage(rest[0]!)) isReached = true
      skip = rest.readInt32BE(isFirst ? 0 : 1) + (isFirst ? 0 : 1)
      isFirst = false
    }
  }
}
