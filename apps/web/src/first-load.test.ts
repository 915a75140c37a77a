import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Returns the compressed bytes of JavaScript that a view loads: the entry, the view, and what both import. */
async function firstLoad(view: string): Promise<number> {
  const result = await build({ root, logLevel: 'silent', build: { write: false } })
  const [{ output }] = (Array.isArray(result) ? result : [result]) as [
    {
      output: {
        type: string
        fileName: string
        name?: string
        isEntry?: boolean
        imports?: string[]
        code?: string
      }[]
    },
  ]
  const chunks = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  )
  const loaded = new Set<string>()
  const load = (name: string): void => {
    if (loaded.has(name)) return
    loaded.add(name)
    chunks.get(name)?.imports?.forEach(load)
  }
  for (const { fileName, isEntry, name } of chunks.values()) if (isEntry || name === view) load(fileName)
  const sizes = [...loaded].map((name) => gzipSync(chunks.get(name)?.code ?? '').length)
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('opening the gallery loads less than 250 KB of JavaScript', async () => {
  const bytes = await firstLoad('gallery')
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(250_000)
})
