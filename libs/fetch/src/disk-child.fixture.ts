import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openFetcher } from './fetcher.ts'

// Fetches a file of the given size to a path, optionally with sync, and prints the outcome.
const [path, size, sync] = process.argv.slice(2)
const body = Buffer.alloc(Number(size))
const server = createServer((_request, response) => {
  response.setHeader('content-length', body.length).end(body)
})
server.listen(0, '127.0.0.1', () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetcher = openFetcher({ allowHosts: [host] })
  void fetcher
    .fetch(`http://${host}/`, path!, undefined, { sync: sync === 'true' })
    .then((fetched) => fetched.synced)
    .then(
      () => 'fetched',
      (error: unknown) => Reflect.get(Object(error), 'code') as unknown,
    )
    .then(async (outcome) => {
      process.stdout.write(String(outcome))
      await fetcher.close()
      server.close()
    })
})
