import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startSampleOrigin } from '@mediakeep/sample'

const BIN = join(import.meta.dirname, '../../apps/cli/bin/mediakeep.js')

export interface GalleryServer {
  readonly url: string
  stop(): Promise<void>
}

/** Imports the sample and prepares its pictures: fetched, inspected, analysed. */
export async function importSample(databaseUrl: string, home: string): Promise<void> {
  const origin = await startSampleOrigin(0)
  try {
    const posts = join(home, 'posts.json')
    await writeFile(posts, await origin.posts(true))
    const env = { ...environment(databaseUrl, home), DOWNLOAD_ALLOW_HOSTS: origin.host }
    for (const args of [['import', posts], ['analyze']])
      await promisify(execFile)(process.execPath, [BIN, ...args], { env, maxBuffer: 1e8 }).catch(
        () => undefined,
      )
  } finally {
    await origin.close()
  }
}

/** Starts the server as a user would, without a worker. */
export async function startGallery(databaseUrl: string, home: string): Promise<GalleryServer> {
  const child = spawn(process.execPath, [BIN, 'serve', '--no-worker'], {
    env: { ...environment(databaseUrl, home), NODE_ENV: 'production', PORT: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString()
      const found = /serves (http:\/\/[\d.:]+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    url,
    async stop() {
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

function environment(databaseUrl: string, home: string): NodeJS.ProcessEnv {
  return { ...process.env, DATABASE_URL: databaseUrl, MEDIAKEEP_HOME: home }
}
