import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'
import type { Route } from './routes.ts'

/** The views of the console: addresses of one page, which finds out itself what to show. */
const VIEWS = /^\/(items\/[^/]+|imports(\/[^/]+)?|overview)?$/

/**
 * The console's files, as they were built. Undefined where there are none: a checkout that nobody has built.
 *
 * @param folder holds `index.html` and `assets/`, compressed ones (`.br`, `.gz`) beside them
 * @param mediaOrigin where links to media lead
 */
export function openConsole(
  folder: string | undefined,
  mediaOrigin: string,
): ((path: string) => Route | undefined) | undefined {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return undefined
  const headers = pageHeaders(mediaOrigin)
  const serve = sirv(folder, {
    brotli: true,
    gzip: true,
    setHeaders(response, path) {
      // The build names its files by what is in them.
      const isNamed = path.startsWith('/assets/')
      response.setHeader('cache-control', isNamed ? 'public, max-age=31536000, immutable' : 'no-cache')
      response.setHeader('x-content-type-options', 'nosniff')
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    },
  })
  const route: Route = {
    name: 'console',
    access: () => 'public',
    handle: (request, response, url) => {
      request.url = VIEWS.test(url.pathname) ? '/' : url.pathname
      return new Promise((resolve) => {
        response.once('close', resolve)
        serve(request, response, () => notFound(request, response))
      })
    },
  }
  return (path) =>
    VIEWS.test(path) || path.startsWith('/assets/') || path === '/icon.svg' ? route : undefined
}

/** Its scripts and styles come from here alone, and it talks to this server alone: a token typed in stays here. */
function pageHeaders(mediaOrigin: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      // React Aria makes one rule for what can be pressed.
      "style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='",
      `img-src 'self' data: ${mediaOrigin}`,
      `media-src 'self' ${mediaOrigin}`,
      "connect-src 'self'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(404, { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' })
    .end('Not found.\n')
}
