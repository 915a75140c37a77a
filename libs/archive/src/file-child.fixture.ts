import { open } from 'node:fs/promises'
import { openFileArchive } from './file-archive.ts'
import { sourceOf } from './harness.fixture.ts'

/**
 * A separate process: `node file-child.fixture.ts <root> <what> <text>`; prints one line of JSON.
 * `put`: archives the text. `exhaust`: the same without free file descriptors. `verify`: reads the text's object.
 */
const [root = '', what = '', text = ''] = process.argv.slice(2)
const archive = await openFileArchive(root)
const source = sourceOf(Buffer.from(text))

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

function facts(error: unknown): unknown {
  if (!(error instanceof Error)) throw error
  return { name: error.name, message: error.message, code: Reflect.get(error, 'code') as unknown }
}

const held = what === 'exhaust' ? await takeAllDescriptors() : []
const work = what === 'verify' ? archive.verify(source.key, source.digests, 'deep') : archive.put(source)
const result = await work.catch(facts)
for (const file of held) await file.close()
process.stdout.write(`${JSON.stringify(result)}\n`)
