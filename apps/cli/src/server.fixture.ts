import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Installation } from './cli.fixture.ts'

/** The real server, in its own process. */
export interface ServerProcess {
  readonly process: ChildProcess
  readonly url: string
  /** Returns what it has written to stderr so far. */
  said(): string
  ask<Data>(query: string, variables?: object): Promise<Data>
  /** Uploads a posts file, and waits until it is acknowledged. @returns the run's id */
  upload(posts: string): Promise<string>
  /** Sends the signal and waits for the process to exit. */
  kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts `mediakeep serve` and waits until it listens. */
export function startServerProcess(place: Installation, ...args: string[]): Promise<ServerProcess> {
  return startServerWith({}, place, ...args)
}

/** Like `startServerProcess`, with changes to the environment. */
export async function startServerWith(
  env: NodeJS.ProcessEnv,
  place: Installation,
  ...args: string[]
): Promise<ServerProcess> {
  const process = place.startWith(env, 'serve', ...args)
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    process.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const found = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    process.once('exit', () => reject(new Error(`the server did not start: ${said}`)))
  })
  const post = async <Data>(init: RequestInit): Promise<Data> => {
    const response = await fetch(`${url}/graphql`, { ...init, method: 'POST' })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    return data
  }
  return {
    process,
    url,
    said: () => said,
    ask: (query, variables = {}) =>
      post({
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
    async upload(posts) {
      const form = new FormData()
      const query = `mutation ($file: Upload!) { importPosts(input: { file: $file }) { ... on ImportRun { id } } }`
      form.set('operations', JSON.stringify({ query, variables: { file: null } }))
      form.set('map', JSON.stringify({ 0: ['variables.file'] }))
      form.set('0', new Blob([posts]), 'posts.json')
      const { importPosts } = await post<{ importPosts: { id: string } }>({
        headers: { 'graphql-require-preflight': '1' },
        body: form,
      })
      return importPosts.id
    },
    async kill(signal) {
      if (process.exitCode !== null || process.signalCode !== null) return
      const exit = once(process, 'exit')
      process.kill(signal)
      await exit
    },
  }
}
