import { open, readFile, writeFile } from 'node:fs/promises'
import { digestBytes } from '@mediakeep/checksum'
import { openCache } from './file-cache.ts'

/**
 * Runs as a separate process: `node child.fixture.ts <root> <what> <argument>`; prints one line of JSON.
 * `put <file>`: stores the file's bytes as an image. `exhaust <file>`: the same with no file descriptors left.
 * `verify <path>`: verifies a content by its name. `hang`: writes half a download, then waits.
 */
const [root = '', what = '', argument = ''] = process.argv.slice(2)
const cache = await openCache(root)

async function put(exhausted: boolean): Promise<unknown> {
  const bytes = await readFile(argument)
  const digests = digestBytes(bytes)
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, bytes)
  const held = exhausted ? await takeAllDescriptors() : []
  const outcome = await cache.put(temporary, `images/${digests.md5}.jpg`, digests).catch(describe)
  for (const file of held) await file.close()
  return outcome
}

async function takeAllDescriptors(): Promise<Awaited<ReturnType<typeof open>>[]> {
  const held = []
  for (;;) {
    try {
      held.push(await open('/dev/null'))
    } catch {
      return held
    }
  }
}

async function hang(): Promise<never> {
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, 'half a picture')
  process.stdout.write('hanging\n')
  return await new Promise<never>(() => setInterval(() => undefined, 1000))
}

async function verify(): Promise<unknown> {
  const md5 = argument.slice('images/'.length, -'.jpg'.length)
  const results = await Array.fromAsync(
    cache.verifyMany([{ path: argument, digests: { md5 } }], { threads: 1 }),
  )
  return results[0]?.check
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) throw error
  return { name: error.name, message: error.message, code: 'code' in error ? error.code : undefined }
}

const actions: Record<string, () => Promise<unknown>> = {
  put: () => put(false),
  exhaust: () => put(true),
  hang,
  verify,
}
const result = await actions[what]?.().catch(describe)
process.stdout.write(`${JSON.stringify(result)}\n`)
