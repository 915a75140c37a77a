import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'
import type { Route } from './routes.ts'

/** URLs of the console's views: all serve the same page, which decides by itself what to show. */
const VIEWS = /^\/(items\/[^/]+|imports(\/[^/]+)?|overview)?$/

/**
 * Serves the console's build output. @returns undefined when there is none, as in a checkout that was never built
 *
 * @param folder contains `index.html` and `assets/`, with compressed files (`.br`, `.gz`) beside the originals
 * @param mediaOrigin origin of media links
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
      // The build names assets by their content.
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

/** Restricts scripts, styles and connections to this server, so that a token typed in cannot leave it. */
function pageHeaders(mediaOrigin: string): Record<string, string> {
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      // React Aria inserts one style rule for pressable elements.
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
