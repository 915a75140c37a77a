import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

let folder: string
let server: Server

/** Serves one page of media, and one event to each subscriber. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-pack-'))
  server = createServer((request, response) => {
    if (request.headers.accept === 'text/event-stream') {
      const mediaStatusChanged = { cursor: '1', mediaId: 'med-1', what: 'archive', status: 'archived' }
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`event: next\ndata: ${JSON.stringify({ data: { mediaStatusChanged } })}\n\n`)
      return
    }
    const node = { id: 'med-1', mediaType: 'image', fate: 'fetched', aiAnalysisStatus: 'completed' }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data: { mediaItems: { nodes: [node] } } }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true })
})

test('what is packed runs outside of this repository, as JavaScript', { timeout: 120_000 }, async () => {
  await run(process.execPath, [binOf('typescript', 'bin/tsc'), '-b', join(root, 'tsconfig.lib.json')])
  const { stdout } = await run(process.execPath, [join(root, 'scripts/pack.ts'), folder])
  await install(stdout.trim())
  const { port } = server.address() as AddressInfo
  const example = spawn(
    process.execPath,
    [join(folder, 'node_modules/@mediakeep/client/example/watch.js'), `http://127.0.0.1:${port}/graphql`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  example.stdout.on('data', (text: Buffer) => (said += text.toString()))
  await expect.poll(() => said, { timeout: 60_000 }).toContain('med-1: archive archived')
  expect(said).toContain('med-1: image, fetched, completed')
  example.kill()
})

/** Installs like npm, but without a registry: dependencies are linked from this repository. */
async function install(tarball: string): Promise<void> {
  const target = join(folder, 'node_modules/@mediakeep/client')
  await mkdir(target, { recursive: true })
  await run('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'])
  const manifest = JSON.parse(await readFile(join(target, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'node_modules', name)
    await mkdir(dirname(link), { recursive: true })
    await symlink(join(root, '../../node_modules', name), link)
  }
}

function binOf(name: string, file: string): string {
  return join(root, '../../node_modules', name, file)
}
