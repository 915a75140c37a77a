import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

const MEDIA = join(import.meta.dirname, '../media')
const POSTS = join(import.meta.dirname, '../posts/linkedin-posts.json')
/** The origin as it stands in the posts file. */
const WRITTEN_ORIGIN = 'http://127.0.0.1:4080'

const FRESH_SIGNATURE = 'Expires=4102448400&Signature=fresh-signature'

const TYPES: Record<string, string> = {
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
}

export interface SampleOrigin {
  /** `127.0.0.1:4080`: what DOWNLOAD_ALLOW_HOSTS must name. */
  readonly host: string
  /**
   * The sample posts with their media URLs at this server, as JSON text; `freshlySigned` as a later export
   * has them: every signature is new and none has expired.
   */
  posts(freshlySigned?: boolean): Promise<string>
  close(): Promise<void>
}

/**
 * The server the sample's media come from. It behaves as servers in the field do: signed URLs expire (403),
 * some files are gone (404), one file has many names, and a login page calls itself a picture.
 */
export async function startSampleOrigin(port = 4080): Promise<SampleOrigin> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await listen(server, port)
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    host,
    posts: (freshlySigned) => samplePosts(host, freshlySigned),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Returns the sample's posts as a file whose media are at the host, where an origin of the sample serves. */
export async function samplePosts(host: string, freshlySigned = false): Promise<string> {
  const text = (await readFile(POSTS, 'utf8')).replaceAll(WRITTEN_ORIGIN, `http://${host}`)
  return freshlySigned ? text.replaceAll(/Expires=\d+&Signature=[\w-]+/g, FRESH_SIGNATURE) : text
}

/** Falls back to any free port where the wanted one is taken. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' && port !== 0) resolve(listen(server, 0))
      else reject(error)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

const LOGIN_PAGE = '<!doctype html><title>Sign in</title><p>Please sign in to see this picture.'

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', WRITTEN_ORIGIN)
  const expires = Number(url.searchParams.get('Expires') ?? Infinity)
  const name = url.pathname.startsWith('/copies/') ? 'harbour.jpg' : basename(url.pathname)
  const file = await stat(join(MEDIA, name)).catch(() => undefined)
  const type = TYPES[extname(name)]
  if (expires * 1000 < Date.now()) send(response, 403, 'text/plain', 'Request has expired')
  else if (url.pathname.startsWith('/lies/')) send(response, 200, 'image/jpeg', LOGIN_PAGE)
  else if (!file || !type) send(response, 404, 'text/plain', 'Not found')
  else {
    response.writeHead(200, { 'content-type': type, 'content-length': file.size })
    await pipeline(createReadStream(join(MEDIA, name)), response)
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}
