import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request, type ClientRequest } from 'node:http'
import { CHANGED } from './streams.fixture.ts'

/** A server in its own process. */
export interface ServerProcess {
  readonly url: string
  /** Resident memory, in bytes. */
  memory(): Promise<number>
  stop(): Promise<void>
}

export async function startServerProcess(databaseUrl: string): Promise<ServerProcess> {
  const child = fork(new URL('./soak-process.fixture.ts', import.meta.url), [databaseUrl], {
    execArgv: ['--expose-gc'],
  })
  const url = (await said(child)) as string
  return {
    url,
    async memory() {
      child.send('memory')
      return (await said(child)) as number
    },
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

async function said(child: ChildProcess): Promise<unknown> {
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`the server ended with ${String(code)}`)
    }),
  ])) as unknown[]
  return message
}

/** A client that resumes from its last cursor each time it is disconnected, on any of the servers. */
export interface Follower {
  readonly cursors: readonly string[]
  readonly connections: number
  cut(): void
  stop(): void
}

const agent = new Agent({ keepAlive: false, maxSockets: Infinity })

export function follow(urls: readonly string[], from: string): Follower {
  const cursors: string[] = []
  let connections = 0
  let isStopped = false
  let current: ClientRequest | undefined
  const connect = (): void => {
    if (isStopped) return
    connections++
    const url = urls[Math.floor(Math.random() * urls.length)]!
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const sent = request(`${url}/graphql`, { method: 'POST', headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        const end = text.lastIndexOf('\n\n')
        if (end < 0) return
        for (const [, cursor] of text.slice(0, end).matchAll(/^data: .*?"cursor":"([\da-f.-]+)"/gm))
          cursors.push(cursor!)
        text = text.slice(end + 2)
      })
      response.on('error', () => undefined)
    })
    current = sent
    sent.on('error', () => undefined)
    sent.on('close', () => setTimeout(connect, 20 + Math.random() * 100))
    sent.end(JSON.stringify({ query: CHANGED, variables: { after: cursors.at(-1) ?? from } }))
  }
  connect()
  return {
    cursors,
    get connections() {
      return connections
    },
    cut: () => current?.destroy(),
    stop() {
      isStopped = true
      current?.destroy()
    },
  }
}
