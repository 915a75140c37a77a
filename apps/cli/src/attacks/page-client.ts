// A worker thread: the second client, which asks for a page every 250 ms and must never wait long. A thread of its
// own, so that the attacks do not delay its clock. Answers each message with the slowest page since the last one.
import { request } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'

export interface PageReport {
  readonly pages: number
  readonly slowestMs: number
  /** Pages that were no page: an error, or no answer within the limit. */
  readonly failures: readonly string[]
}

export interface PageClientData {
  readonly url: string
  readonly token: string
}

const EVERY_MS = 250
const GIVE_UP_MS = 20_000
const QUERY =
  '{ mediaItems(first: 50) { nodes { id mimeType fate post { id urn } } pageInfo { endCursor } } }'
const { url, token } = workerData as PageClientData
const body = JSON.stringify({ query: QUERY })

let pages = 0
let slowestMs = 0
let failures: string[] = []
const underWay = new Set<number>()

function ask(): void {
  const began = performance.now()
  underWay.add(began)
  const end = (failure?: string): void => {
    if (!underWay.delete(began)) return
    pages++
    slowestMs = Math.max(slowestMs, performance.now() - began)
    if (failure !== undefined) failures.push(failure)
  }
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const sent = request(`${url}/graphql`, { method: 'POST', agent: false, headers }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.on('error', (error) => end(String(error)))
    response.on('end', () => end(isPage(text) ? undefined : `${response.statusCode!}: ${text.slice(0, 200)}`))
  })
  sent.setTimeout(GIVE_UP_MS, () => sent.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)))
  sent.on('error', (error) => end(String(error)))
  sent.end(body)
}

function isPage(text: string): boolean {
  return text.startsWith('{"data":{"mediaItems":{"nodes":[{') && !text.includes('"errors"')
}

setInterval(ask, EVERY_MS)
parentPort!.on('message', () => {
  const waiting = [...underWay].map((began) => performance.now() - began)
  const report: PageReport = { pages, slowestMs: Math.round(Math.max(slowestMs, ...waiting)), failures }
  parentPort!.postMessage(report)
  pages = 0
  slowestMs = 0
  failures = []
})
