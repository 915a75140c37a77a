import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { samplePosts } from '@mediakeep/sample'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Installation } from './cli.fixture.ts'
import { installSample } from './sample.fixture.ts'
import { startServerProcess, type ServerProcess } from './server.fixture.ts'

let place: Installation
let server: ServerProcess

beforeAll(async () => {
  place = await installSample()
  server = await startServerProcess(place)
})
afterAll(async () => {
  await server.kill('SIGTERM')
  await place.remove()
})

interface Item {
  readonly id: string
  readonly url: string
  readonly thumbnailUrl: string
  readonly sha256Sum: string
  readonly localFilePath: string
}

async function pictures(): Promise<Item[]> {
  const { mediaItems } = await server.ask<{ mediaItems: { nodes: Item[] } }>(
    '{ mediaItems(first: 50, filter: { fate: fetched, type: image }) { nodes { id url thumbnailUrl sha256Sum localFilePath } } }',
  )
  return mediaItems.nodes
}

test('media are served, and a file that is not in the cache comes back from the archive', async () => {
  const [picture] = await pictures()
  await rm(join(place.home, 'cache', picture!.localFilePath))
  const response = await fetch(picture!.url)
  expect(response.status).toBe(200)
  expect(response.headers.get('etag')).toBe(`"${picture!.sha256Sum}"`)
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer())
  expect(Buffer.from(digest).toString('hex')).toBe(picture!.sha256Sum)
  expect(await place.files('cache')).toContain(picture!.localFilePath)
  const thumbnail = await fetch(picture!.thumbnailUrl)
  expect(thumbnail.headers.get('content-type')).toBe('image/webp')
})

test('verify, restore and archive over GraphQL reach the real files', async () => {
  const [, picture] = await pictures()
  const input = { mediaIds: [picture!.id] }
  await rm(join(place.home, 'cache', picture!.localFilePath))
  const checks = '{ ... on MediaChecksPayload { checks { cache archive } } }'
  const restored = await server.ask(
    `mutation ($input: SelectedMediaInput!) { restoreMedia(input: $input) ${checks} }`,
    { input },
  )
  expect(restored).toEqual({ restoreMedia: { checks: [{ cache: 'restored', archive: 'ok' }] } })
  const verified = await server.ask(
    `mutation ($input: VerifyMediaInput!) { verifyMedia(input: $input) ${checks} }`,
    {
      input: { ...input, deep: true },
    },
  )
  expect(verified).toEqual({ verifyMedia: { checks: [{ cache: 'ok', archive: 'ok' }] } })
})

test('an upload is imported by the worker inside', async () => {
  const id = await server.upload(await samplePosts(place.sampleHost, true))
  const run = async (): Promise<unknown> =>
    (
      await server.ask<{ importRun: unknown }>('query ($id: ID!) { importRun(id: $id) { status } }', {
        id,
      })
    ).importRun
  await expect.poll(run, { timeout: 60_000 }).toEqual({ status: 'completed' })
  await expect
    .poll(async () => (await place.db.query(`SELECT FROM post_media WHERE fate = 'expired'`)).rowCount, {
      timeout: 20_000,
    })
    .toBe(0)
})

test('metrics and the landing page', async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toMatch(/^mediakeep_\w+.* \d/m)
  expect((await fetch(server.url)).headers.get('content-type')).toContain('text/html')
})
