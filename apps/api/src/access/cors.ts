import type { IncomingMessage, ServerResponse } from 'node:http'

const REQUEST_HEADERS = [
  ...['authorization', 'content-type', 'accept', 'last-event-id', 'range', 'if-range'],
  ...['graphql-require-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf'],
]
const RESPONSE_HEADERS = [
  ...['retry-after', 'www-authenticate', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
  ...['content-range', 'etag'],
]

/** Lets pages of an allowed origin read the answer. Never allows cookies, as there are none. */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', RESPONSE_HEADERS.join(', '))
  response.setHeader('vary', 'origin')
}

export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** Answers the preflight that browsers send before a page of an allowed origin may send a token or JSON. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': REQUEST_HEADERS.join(', '),
    'access-control-max-age': '600',
  })
  response.end()
}
