import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const CONNECTIONS = 10
const SECONDS = 4

/** Returns a server's requests per second, sent from a separate process after a warm-up. */
export async function load(url: string, page: { readonly body: string }): Promise<number> {
  await shoot(url, page.body, 2)
  return await shoot(url, page.body, SECONDS)
}

interface Shots {
  readonly requests: { readonly average: number }
  readonly non2xx: number
  readonly errors: number
}

async function shoot(url: string, body: string, seconds: number): Promise<number> {
  const program = fileURLToPath(import.meta.resolve('autocannon'))
  const options = [`--connections=${CONNECTIONS}`, `--duration=${seconds}`, '--json', '--no-progress']
  const request = ['--method=POST', '--headers=content-type=application/json', `--body=${body}`, url]
  const { stdout } = await run(process.execPath, [program, ...options, ...request], { maxBuffer: 1e8 })
  const { requests, non2xx, errors } = JSON.parse(stdout) as Shots
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were not 2xx, ${errors} failed`)
  return requests.average
}

/** @returns the parsed answer @throws if it contains an error */
export async function post(url: string, page: { readonly body: string }): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: page.body,
  })
  const answer: unknown = await response.json()
  if (!response.ok || 'errors' in (answer as object)) throw new Error(`${url}: ${JSON.stringify(answer)}`)
  return answer
}
