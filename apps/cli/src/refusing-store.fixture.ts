import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly headers?: Readonly<Record<string, string>>
}

/** An S3 store that has no objects, answers HEAD of its bucket, and refuses requests as `refuse` returns. */
export async function startRefusingStore(
  refuse: (request: IncomingMessage) => Refusal | undefined,
): Promise<{ readonly env: NodeJS.ProcessEnv; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const isObject = (request.url ?? '/').split('/').length > 2
      const refusal = refuse(request) ?? (isObject ? { status: 404, code: 'NoSuchKey' } : undefined)
      if (refusal === undefined) return response.writeHead(200).end()
      response.writeHead(refusal.status, { 'content-type': 'application/xml', ...refusal.headers })
      const body = `<Error><Code>${refusal.code}</Code><Message>No.</Message></Error>`
      return response.end(request.method === 'HEAD' ? undefined : body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    env: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: 'newsroom-media',
      S3_FORCE_PATH_STYLE: 'true',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test-access',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
