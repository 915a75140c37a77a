import { connect, createServer, type Socket } from 'node:net'

export interface HangingProxy {
  readonly url: string
  /** From now on forwards nothing and closes nothing, like a server whose packets are dropped. */
  hang(): void
  /** Lets new connections through again; those that hung stay hung. */
  recover(): void
  /** Closes connections opened from now on as soon as their client sends this text. */
  cutAt(text: string): void
  close(): Promise<void>
}

/** Opens a proxy between a client and PostgreSQL. */
export async function openHangingProxy(url: string): Promise<HangingProxy> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isHanging = false
  let cutText: string | undefined
  const server = createServer((client) => {
    sockets.add(client)
    client.on('error', () => {})
    if (isHanging) return void client.pause()
    const upstream = connect(Number(target.port), target.hostname)
    sockets.add(upstream)
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    const text = cutText
    if (text !== undefined) {
      client.on('data', (data) => {
        if (data.includes(text)) client.destroy()
      })
    }
    client.pipe(upstream)
    upstream.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxied = new URL(url)
  proxied.port = String((server.address() as { port: number }).port)
  return {
    url: proxied.href,
    hang() {
      isHanging = true
      for (const socket of sockets) socket.unpipe().pause()
    },
    recover() {
      isHanging = false
    },
    cutAt(text) {
      cutText = text
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
