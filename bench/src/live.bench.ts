import { startChild, type Child } from './child.ts'
import { compareRates, type Finding } from './compare.ts'
import { withDatabases } from './databases.ts'

const CLIENTS = 1000
const EVENTS = 30

interface Contestant {
  readonly name: string
  readonly server: Child
  readonly clients: Child
  readonly bytesAClient: number
  readonly latencies: { readonly p50: number; readonly p99: number }[]
}

interface Arrivals {
  readonly last: number
  readonly p50: number
  readonly p99: number
}

/** Sends a burst of events to a thousand clients: from the database's log, and from the memory of bare servers. */
export async function benchLive(): Promise<Finding[]> {
  return await withDatabases(async (databases) => {
    const { url } = await databases.fresh('live')
    const contestants: Contestant[] = []
    try {
      for (const [kind, name] of Object.entries(NAMES)) contestants.push(await enter(kind, name, url))
      const rates = contestants.map((contestant) => () => burst(contestant))
      const [, ...references] = contestants
      return [
        ...(await compareRates({
          name: `live: ${EVENTS} events to ${CLIENTS} clients`,
          unit: 'deliveries/s',
          references: references.map(({ name }) => ({
            against: name,
            ...(name === NAMES.yoga && { aim: 1 }),
          })),
          rates,
        })),
        ...contestants.map(describe),
      ]
    } finally {
      for (const { server, clients } of contestants) await Promise.all([clients.stop(), server.stop()])
    }
  })
}

const NAMES = { api: 'ours', yoga: 'bare Yoga pub/sub over SSE', http: 'plain node:http' } as const

async function enter(kind: string, name: string, databaseUrl: string): Promise<Contestant> {
  const server = await startChild(import.meta.resolve('./live-process.ts'), [kind, databaseUrl])
  const before = (await server.ask(0)) as number
  const clients = await startChild(import.meta.resolve('./live-clients.ts'), [
    server.said as string,
    String(CLIENTS),
  ])
  const bytesAClient = (((await server.ask(0)) as number) - before) / CLIENTS
  return { name, server, clients, bytesAClient, latencies: [] }
}

/** Returns deliveries per second, from the creation of the first event to the last client's receipt. */
async function burst({ server, clients, latencies }: Contestant): Promise<number> {
  const arrived = clients.ask(EVENTS)
  const began = (await server.ask(EVENTS)) as number
  const { last, p50, p99 } = (await arrived) as Arrivals
  latencies.push({ p50: p50 - began, p99: p99 - began })
  return (CLIENTS * EVENTS) / ((last - began) / 1000)
}

function describe({ name, bytesAClient, latencies }: Contestant): string {
  const { p50, p99 } = latencies.toSorted((one, other) => one.p99 - other.p99)[
    Math.floor(latencies.length / 2)
  ]!
  const kilobytes = Math.round(bytesAClient / 1024)
  return `live, ${name}: half of a burst is there after ${p50} ms, 99 % after ${p99} ms; ${kilobytes} KiB of memory a client`
}
