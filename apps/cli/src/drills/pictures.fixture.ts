import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

const PICTURE = join(import.meta.dirname, '../../../../sample/media/article.jpg')

/** A server of any number of different pictures, and posts that show them. */
export interface PictureOrigin {
  readonly host: string
  /** Returns a posts file with posts that show the pictures from `first` on, one each. */
  posts(first: number, count: number): string
  close(): Promise<void>
}

export async function startPictureOrigin(): Promise<PictureOrigin> {
  const picture = await readFile(PICTURE)
  const server = createServer((request, response) => {
    const body = numbered(picture, request.url ?? '')
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.byteLength }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    posts: (first, count) => JSON.stringify(Array.from({ length: count }, (_, n) => postOf(host, first + n))),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Returns the same picture with its own comment: other bytes, but the same to every decoder. */
function numbered(picture: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment)
  const segment = Buffer.from([0xff, 0xfe, 0, text.byteLength + 2])
  return Buffer.concat([picture.subarray(0, 2), segment, text, picture.subarray(2)])
}

function postOf(host: string, n: number): object {
  const id = String(7_500_000_000_000_000_000n + BigInt(n))
  const url = `http://${host}/media/${n}.jpg`
  return {
    urn: { activity_urn: id, share_urn: null, ugcPost_urn: null },
    full_urn: `urn:li:activity:${id}`,
    posted_at: { date: '2026-10-02 08:15:00', relative: '2w', timestamp: 1_790_928_900_000 + n },
    text: `Picture ${n}`,
    url: `https://www.linkedin.com/posts/drill_activity-${id}`,
    post_type: 'regular',
    author: { first_name: 'Ada', last_name: 'Drill', username: 'ada-drill' },
    stats: {},
    media: { type: 'image', url, images: [{ url, width: 640, height: 427 }] },
  }
}
