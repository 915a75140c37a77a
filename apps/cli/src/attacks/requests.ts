import { Agent, request, type ClientRequest, type RequestOptions } from 'node:http'

export interface Answer {
  readonly status: number
  readonly bytes: number
  /** The beginning of the body. */
  readonly text: string
}

/** Few connections, because the server has few descriptors. */
const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const KEPT = 64 * 1024

/** Sends one request and reads the answer to its end. An error is an answer with status 0. */
export function send(
  url: string,
  options: RequestOptions,
  body: string | Buffer = '',
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => resolve({ status: 0, bytes: 0, text: String(error) })
    const sent = request(url, { agent, ...options, ...(signal && { signal }) }, (response) => {
      let text = ''
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (text.length < KEPT) text += chunk.toString()
      })
      response.on('end', () => resolve({ status: response.statusCode!, bytes, text }))
      response.on('error', fail)
    })
    sent.on('error', fail)
    sent.end(body)
  })
}

/** Runs `count` tasks, `width` at once. */
export async function times<Result>(
  count: number,
  width: number,
  task: (n: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const run = async (): Promise<void> => {
    while (next < count) {
      const n = next++
      results[n] = await task(n)
    }
  }
  await Promise.all(Array.from({ length: width }, run))
  return results
}

const BOUNDARY = 'x'
const UPLOAD =
  'mutation ($file: Upload) { importPosts(input: { file: $file }) { ... on ImportRun { id } __typename } }'

export const uploadHeaders = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
  'graphql-require-preflight': '1',
})

/** Everything before the bytes of the file. */
export function uploadHead(): string {
  const field = (name: string, value: unknown): string =>
    `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${JSON.stringify(value)}\r\n`
  const operations = field('operations', { query: UPLOAD, variables: { file: null } })
  const file = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="0"; filename="posts.json"\r\n\r\n`
  return operations + field('map', { 0: ['variables.file'] }) + file
}

export const UPLOAD_TAIL = `\r\n--${BOUNDARY}--\r\n`

/** An upload on a connection of its own, to be ended or broken by the caller. */
export function openUpload(url: string, token: string): ClientRequest {
  const sent = request(`${url}/graphql`, { method: 'POST', agent: false, headers: uploadHeaders(token) })
  sent.on('error', () => undefined)
  sent.on('response', (response) => response.resume())
  return sent
}
