import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { install, type Installation } from './cli.fixture.ts'

let place: Installation
let server: ChildProcess
let url: string

beforeAll(async () => {
  place = await install()
  await place.run('import', await place.samplePosts())
  server = place.start('serve')
  url = await new Promise((resolve) => {
    let said = ''
    server.stderr!.on('data', (text: Buffer) => {
      said += text.toString()
      const found = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
})
afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  await place.remove()
})

async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
  expect(errors).toBe(undefined)
  return data
}

interface Item {
  readonly id: string
  readonly url: string
  readonly thumbnailUrl: string
  readonly sha256Sum: string
  readonly localFilePath: string
}

async function pictures(): Promise<Item[]> {
  const { mediaItems } = await ask<{ mediaItems: { nodes: Item[] } }>(
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
  const restored = await ask(
    `mutation ($input: SelectedMediaInput!) { restoreMedia(input: $input) ${checks} }`,
    { input },
  )
  expect(restored).toEqual({ restoreMedia: { checks: [{ cache: 'restored', archive: 'ok' }] } })
  const verified = await ask(
    `mutation ($input: VerifyMediaInput!) { verifyMedia(input: $input) ${checks} }`,
    {
      input: { ...input, deep: true },
    },
  )
  expect(verified).toEqual({ verifyMedia: { checks: [{ cache: 'ok', archive: 'ok' }] } })
})

test('an upload is imported by the worker inside', async () => {
  const form = new FormData()
  const query = `mutation ($file: Upload!) { importPosts(input: { file: $file }) { ... on ImportRun { id status } } }`
  form.set('operations', JSON.stringify({ query, variables: { file: null } }))
  form.set('map', JSON.stringify({ 0: ['variables.file'] }))
  form.set('0', new Blob([await place.origin.posts(true)]), 'posts.json')
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'graphql-require-preflight': '1' },
    body: form,
  })
  const { data } = (await response.json()) as { data: { importPosts: { id: string } } }
  const run = async (): Promise<unknown> =>
    (
      await ask<{ importRun: unknown }>('query ($id: ID!) { importRun(id: $id) { status } }', {
        id: data.importPosts.id,
      })
    ).importRun
  await expect.poll(run, { timeout: 20_000 }).toEqual({ status: 'completed' })
  await expect
    .poll(async () => (await place.db.query(`SELECT FROM post_media WHERE fate = 'expired'`)).rowCount, {
      timeout: 20_000,
    })
    .toBe(0)
})

test('metrics and the landing page', async () => {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  expect(metrics).toMatch(/^mediakeep_\w+.* \d/m)
  expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
})
