import { describe, expect, it } from 'vitest'
import { endless, failure, httpOrigin, rawOrigin, scene, trickle } from './servers.fixture.ts'

const PAST = new Date(Date.now() - 1000)
const FUTURE = new Date(Date.now() + 3_600_000)

async function refused(
  status: number,
  {
    expiresAt,
    headers = {},
    body = 'no',
  }: { expiresAt?: Date; headers?: Record<string, string>; body?: string } = {},
): Promise<{ fate: string; code: string; retryAfterMs: number | undefined; requests: number }> {
  let requests = 0
  const origin = await httpOrigin((_request, response) => {
    requests++
    response.writeHead(status, headers).end(body)
  })
  const { fetcher, path, files } = await scene([origin], { expiresAt: () => expiresAt })
  const { fate, code, retryAfterMs, message } = await failure(
    fetcher.fetch(`http://${origin.host}/?secret`, path),
  )
  expect(message).not.toContain('secret')
  expect(await files()).toEqual([])
  return { fate, code, retryAfterMs, requests }
}

describe('a refusal', () => {
  it.each([403, 404, 410, 401, 400])('%i for a URL whose signature is over: expired', async (status) => {
    expect(await refused(status, { expiresAt: PAST })).toMatchObject({
      fate: 'expired',
      code: 'signature_expired',
    })
  })

  it.each([
    '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
    'URL signature expired',
    '<Error><Code>ExpiredToken</Code></Error>',
  ])('403 that says %j: expired', async (body) => {
    expect(await refused(403, { body })).toMatchObject({ fate: 'expired', code: 'signature_expired' })
  })

  it.each([
    [404, 'gone'],
    [410, 'gone'],
    [451, 'gone'],
    [403, 'gone'],
    [401, 'gone'],
    [400, 'rejected'],
    [405, 'rejected'],
    [416, 'rejected'],
    [300, 'rejected'],
    [408, 'failed'],
    [425, 'failed'],
    [500, 'failed'],
    [502, 'failed'],
    [202, 'failed'],
    [206, 'failed'],
  ])('%i: %s, after one request', async (status, fate) => {
    expect(await refused(status)).toMatchObject({ fate, code: `http_${status}`, requests: 1 })
  })

  it('403 for a signed URL before its time: expired, since a fresh one may do', async () => {
    expect(await refused(403, { expiresAt: FUTURE })).toMatchObject({ fate: 'expired', code: 'http_403' })
    expect(await refused(404, { expiresAt: FUTURE })).toMatchObject({ fate: 'gone', code: 'http_404' })
    expect(await refused(500, { expiresAt: PAST })).toMatchObject({ fate: 'failed', code: 'http_500' })
  })

  it.each([204, 205])('%i: empty', async (status) => {
    expect(await refused(status, { body: '' })).toMatchObject({ fate: 'rejected', code: 'empty' })
  })

  it.each([
    [429, '7', 7000],
    [503, '120', 120_000],
    [503, '25200', 25_200_000],
    [429, '9999999', 86_400_000],
    [429, 'soon', 30_000],
    [429, '', 30_000],
    [503, 'soon', undefined],
    [500, '7', undefined],
    [503, new Date(Date.now() - 60_000).toUTCString(), 0],
  ])('%i with Retry-After %j: left alone for %s ms', async (status, value, expected) => {
    const result = await refused(status, { headers: { 'retry-after': value } })
    expect(result).toMatchObject({ fate: 'failed', code: `http_${status}`, requests: 1 })
    expect(result.retryAfterMs).toBe(expected)
  })

  it('understands a date in Retry-After', async () => {
    const value = new Date(Date.now() + 60_000).toUTCString()
    const { retryAfterMs } = await refused(503, { headers: { 'retry-after': value } })
    expect(retryAfterMs).toBeGreaterThan(50_000)
    expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  })

  it('names the host that asks to be left alone, after a redirect', async () => {
    const target = await httpOrigin((_request, response) => response.writeHead(429).end())
    const source = await httpOrigin((_request, response) => {
      response.writeHead(302, { location: `http://${target.host}/` }).end()
    })
    const { fetcher, path } = await scene([source, target])
    const direct = await failure(fetcher.fetch(`http://${target.host}/`, path))
    expect(direct).toMatchObject({ code: 'http_429', host: target.host })
    const redirected = await failure(fetcher.fetch(`http://${source.host}/`, path))
    expect(redirected).toMatchObject({ code: 'http_429', host: target.host, retryAfterMs: 30_000 })
    expect(redirected.message).toContain(source.host)
  })

  it('is not read to its end when there is none', async () => {
    const origin = await rawOrigin((socket) => {
      socket.write('HTTP/1.1 404 Not Found\r\n\r\n')
      void trickle(socket, 0, endless(Buffer.alloc(65_536)))
    })
    const { fetcher, path } = await scene([origin])
    const error = await failure(fetcher.fetch(`http://${origin.host}/`, path))
    expect(error).toMatchObject({ fate: 'gone', code: 'http_404' })
  })
})
