import { Agent, request } from 'node:http'

// Runs a thousand clients in a process: `live-clients.ts URL COUNT`. Sends a message when all are connected. After a
// message with the number of events per client, sends when they arrived: last, median and 99th percentile, in ms.
const [url, count] = process.argv.slice(2)
const QUERY = 'subscription { mediaStatusChanged { cursor mediaId what previousStatus status } }'
const agent = new Agent({ keepAlive: false, maxSockets: Infinity })
const MARK = Buffer.from('data: ')

let wanted = Infinity
let taken = 0
let arrivals: number[] = []

const connect = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' }
    const sent = request(url!, { method: 'POST', headers, agent }, (response) => {
      response.once('data', () => resolve())
      let rest: Buffer = Buffer.alloc(0)
      response.on('data', (read: Buffer) => {
        const now = Date.now()
        const chunk = rest.length > 0 ? Buffer.concat([rest, read]) : read
        for (let at = chunk.indexOf(MARK); at >= 0; at = chunk.indexOf(MARK, at + 1)) {
          arrivals.push(now)
          taken++
        }
        // A mark may be cut in two; what is kept never contains a whole one.
        rest = chunk.subarray(Math.max(0, chunk.length - MARK.length + 1))
        if (taken >= wanted) finish()
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify({ query: QUERY }))
  })

function finish(): void {
  wanted = Infinity
  const sorted = arrivals.toSorted((one, other) => one - other)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
  process.send!({ last: sorted.at(-1), p50: at(0.5), p99: at(0.99), taken })
}

process.on('message', (events: number) => {
  arrivals = []
  taken = 0
  wanted = events * Number(count)
})
for (let n = 0; n < Number(count); n += 50) await Promise.all(Array.from({ length: 50 }, connect))
process.send!('connected')
