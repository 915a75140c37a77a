import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pieces, sampleOf, sampleSet, type SetName } from './samples.ts'

// Serves the files of a set from memory, in its own process: `origin-process.ts small`.
const set = await sampleSet(process.argv[2] as SetName)
const server = createServer((request, response) => {
  const n = Number(/\d+/.exec(request.url ?? '')?.[0] ?? NaN)
  if (!(n < set.count)) {
    response.writeHead(404).end()
    return
  }
  const body = pieces(set, n)
  response.writeHead(200, {
    'content-type': sampleOf(set.samples, n).mimeType,
    'content-length': body.reduce((sum, { length }) => sum + length, 0),
  })
  response.cork()
  for (const piece of body) response.write(piece)
  response.end()
})
server.listen(0, '127.0.0.1', () => {
  process.send!({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    title: set.title,
    count: set.count,
    byteSize: pieces(set, 0).reduce((sum, { length }) => sum + length, 0) * set.count,
    extension: set.samples[0]!.extension,
  })
})
