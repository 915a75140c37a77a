import { schemaReadiness } from '@mediakeep/db'
import { mkdtemp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seed, startTestApi, type TestApi } from './api.fixture.ts'

let db: TestDatabase
let api: TestApi
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-import-'))
  await mkdir(join(folder, 'posts'))
  await writeFile(join(folder, 'posts', 'a.json'), '[]')
  await writeFile(join(folder, 'outside.json'), '[]')
  await symlink('../outside.json', join(folder, 'posts', 'link.json'))
  await symlink('a.json', join(folder, 'posts', 'inner.json'))
  db = await createTestDatabase()
  await seed(db, 4, 3)
  api = await startTestApi(db, { importFolder: join(folder, 'posts'), maxUploadBytes: 1000 })
})
afterAll(async () => {
  await api.close()
  await db.drop()
  await rm(folder, { recursive: true })
})

const importPosts = `mutation ($input: ImportPostsInput!) { importPosts(input: $input) {
  __typename ... on ImportRun { status files } ... on Error { code } } }`

test('a path below the import folder is queued as a run', async () => {
  for (const path of ['a.json', './inner.json', '../posts/a.json']) {
    expect(await api.ask(importPosts, { input: { path } })).toEqual({
      importPosts: { __typename: 'ImportRun', status: 'queued', files: ['a.json'] },
    })
    await db.query('DELETE FROM download_runs')
  }
})

test.each([
  ['../outside.json', 'path_outside'],
  ['/etc/passwd', 'path_outside'],
  ['link.json', 'path_outside'],
  ['', 'path_outside'],
  ['../posts-other/x', 'path_outside'],
  ['a.json\0.txt', 'path_outside'],
  ['missing.json', 'file_not_found'],
])('the path %j is refused as %s', async (path, code) => {
  expect(await api.ask(importPosts, { input: { path } })).toEqual({
    importPosts: { __typename: 'ImportSourceError', code },
  })
})

async function upload(
  map: object,
  files: Record<string, string>,
  headers = { 'graphql-require-preflight': '1' },
): Promise<Response> {
  const form = new FormData()
  form.set('operations', JSON.stringify({ query: importPosts, variables: { input: { file: null } } }))
  form.set('map', JSON.stringify(map))
  for (const [name, text] of Object.entries(files)) form.set(name, new Blob([text]), '../../Wahl – März.json')
  return fetch(`${api.url}/graphql`, {
    method: 'POST',
    body: form,
    headers: { ...headers, accept: 'application/json' },
  })
}

test('an upload is spooled and queued as a run', async () => {
  const response = await upload({ 0: ['variables.input.file'] }, { 0: '[{"a":1}]' })
  // The import keeps the client's file name, so that people recognise it.
  const run = { __typename: 'ImportRun', files: ['Wahl – März.json'] }
  expect(await response.json()).toMatchObject({ data: { importPosts: run } })
  const { rows } = await db.query<{ files: string[] }>('SELECT files FROM mediakeep.import_runs')
  const path = rows[0]!.files[0]!
  expect(path).toMatch(new RegExp(`^${api.folder}/uploads/[0-9a-f-]{36}/Wahl – März\\.json$`))
  expect(await readFile(path, 'utf8')).toBe('[{"a":1}]')
  await rm(dirname(path), { recursive: true })
  await db.query('DELETE FROM download_runs')
})

test.each([
  ['too large', { 0: ['variables.input.file'] }, { 0: 'x'.repeat(1001) }, 413],
  ['mapped to a place that is not there', { 0: ['variables.nothing'] }, { 0: '[]' }, 400],
  ['mapped into a prototype', { 0: ['__proto__.polluted'] }, { 0: '[]' }, 400],
  ['not mapped', {}, { 0: '[]' }, 400],
  ['missing', { 0: ['variables.input.file'] }, {}, 400],
])('an upload that is %s is refused, and nothing stays', async (_what, map, files, status) => {
  const response = await upload(map, files)
  expect(response.status).toBe(status)
  expect(await readdir(join(api.folder, 'uploads'))).toEqual([])
})

test('a token that somebody made up names no file', async () => {
  expect(await api.ask(importPosts, { input: { file: '/etc/passwd' } })).toEqual({
    importPosts: { __typename: 'ImportSourceError', code: 'upload_not_found' },
  })
})

test('a mutation that does not find its media says which, and does nothing', async () => {
  const answer = await api.ask(
    `mutation { downloadMedia(input: { mediaIds: ["med-00000003", "med-0000ffff"] }) {
       __typename ... on MediaNotFoundError { code message mediaIds } } }`,
  )
  expect(answer).toMatchObject({ downloadMedia: { code: 'media_not_found', mediaIds: ['med-0000ffff'] } })
  expect((await db.query(`SELECT FROM post_media WHERE fate = 'waiting'`)).rowCount).toBe(0)
})

test('media are queued again, and rejected wherever they are shown', async () => {
  expect(
    await api.ask(`mutation { downloadMedia(input: { mediaIds: ["med-00000003"] }) {
      ... on MediaPayload { media { id fate post { urn } } } } }`),
  ).toEqual({ downloadMedia: { media: [{ id: 'med-00000003', fate: 'waiting', post: { urn: 'urn:4' } }] } })
  const rejected = await api.ask<{ rejectMedia: { media: object[] } }>(
    `mutation { rejectMedia(input: { mediaId: "med-00000001", reason: "a placeholder" }) {
       ... on MediaPayload { media { id fate fateReason } } } }`,
  )
  expect(rejected.rejectMedia.media).toContainEqual({
    id: 'med-00000008',
    fate: 'rejected',
    fateReason: 'a placeholder',
  })
  const unreject = `mutation { unrejectMedia(input: { mediaId: "med-00000001" }) {
       __typename ... on MediaPayload { media { id fate } } ... on Error { code } } }`
  const returned = await api.ask<{ unrejectMedia: { media: { fate: string }[] } }>(unreject)
  expect(returned.unrejectMedia.media.map(({ fate }) => fate)).not.toContain('rejected')
  expect(await api.ask(unreject)).toEqual({
    unrejectMedia: { __typename: 'MediaNotRejectedError', code: 'media_not_rejected' },
  })
})

test('input that asks for what cannot be is a typed result', async () => {
  const answer = await api.ask(
    `mutation { rejectMedia(input: { mediaId: "med-00000001", reason: " " }) {
       __typename ... on InvalidInputError { code issues { path } } } }`,
  )
  expect(answer).toEqual({
    rejectMedia: {
      __typename: 'InvalidInputError',
      code: 'invalid_input',
      issues: [{ path: 'input.reason' }],
    },
  })
})

test('health, metrics and the page of links', async () => {
  expect((await fetch(`${api.url}/health/live`)).status).toBe(200)
  expect(await (await fetch(`${api.url}/health/ready`)).json()).toEqual({ status: 'ok', database: 'ok' })
  const failing = await startTestApi(db, {
    readiness: { archive: () => Promise.reject(new Error('no bucket')), schema: schemaReadiness(db) },
  })
  const serving = await fetch(`${failing.url}/health/serving`)
  expect([serving.status, await serving.json()]).toMatchObject([200, { status: 'ok' }])
  const ready = await fetch(`${failing.url}/health/ready`)
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'failing', archive: 'no bucket', schema: expect.stringMatching(/^ok/) as string },
  ])
  await failing.close()
  const metrics = await (await fetch(`${api.url}/metrics`)).text()
  expect(metrics).toContain('mediakeep_media{fate="expired"} 1')
  expect(metrics).toContain(
    'mediakeep_http_request_duration_seconds_count{route="/graphql",method="POST",status="200"}',
  )
  expect(await (await fetch(api.url)).text()).toContain('href="/graphql"')
  expect((await fetch(`${api.url}/nothing`)).status).toBe(404)
})

test('a name of another site that was made to point here is not answered', async () => {
  const status = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${api.url}/health/live`, { headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  expect(await status('evil.example')).toBe(403)
  expect(await status('127.0.0.1.evil.example')).toBe(403)
  expect(await status('localhost:4000')).toBe(200)
})

test('closing lets a request that is under way end', async () => {
  let finish: (() => void) | undefined
  const slow = await startTestApi(db, {
    readiness: { slow: () => new Promise<void>((resolve) => (finish = resolve)) },
  })
  const answer = fetch(`${slow.url}/health/ready`)
  await expect.poll(() => finish).toBeDefined()
  const closing = slow.close()
  finish?.()
  expect(await (await answer).json()).toEqual({ status: 'draining', slow: 'ok' })
  await closing
  await expect(fetch(slow.url)).rejects.toThrow()
})
