import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openFetcher } from './fetcher.ts'

// Fetches a large file to the path that is its argument, and prints how that ended.
const body = Buffer.alloc(20_000_000)
const server = createServer((_request, response) => {
  response.setHeader('content-length', body.length).end(body)
})
server.listen(0, '127.0.0.1', () => {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const fetcher = openFetcher({ allowHosts: [host] })
  void fetcher
    .fetch(`http://${host}/`, process.argv[2]!)
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
