import type { IncomingMessage } from 'node:http'

const DEFAULT_QUERY = `# With a token: put it under "Headers" below,
#   { "authorization": "Bearer mk_…" }
# and fetch the schema again (the arrows on the left).

{
  mediaItems(first: 3) {
    nodes {
      id
      mimeType
      url
    }
  }
}
`

/** Pages may contact only this server and cannot be framed, so that a token typed in cannot leave it. */
export const PAGE_HEADERS = {
  'content-security-policy': [
    ...[
      "default-src 'none'",
      "script-src 'unsafe-inline' blob:",
      'worker-src blob:',
      "style-src 'unsafe-inline'",
    ],
    ...[
      "img-src 'self' data:",
      'font-src data:',
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ],
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const

/** True when a browser requests a page to display. */
export function isPageRequest({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && (headers.accept ?? '').includes('text/html')
}

let rendering: Promise<string> | undefined

/** Returns the GraphiQL page, without external resources. It takes nine megabytes and is loaded on first use. */
export function graphiqlPage(): Promise<string> {
  return (rendering ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
    renderGraphiQL({ title: 'Mediakeep GraphiQL', defaultQuery: DEFAULT_QUERY }),
  ))
}
