import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Agent, request } from 'undici'
import type { Inspector } from '@mediakeep/content'

const run = promisify(execFile)

export interface Download {
  readonly urls: readonly string[]
  /** Emptied before each run. */
  readonly folder: string
  readonly connections: number
}

/** Does the same work without a database: undici, both digests, write, fsync, rename. */
export async function plainDownload(
  download: Download,
  inspector?: Inspector,
  onFile?: (name: string) => Promise<void>,
): Promise<void> {
  const { urls, folder, connections } = download
  const dispatcher = new Agent({ connections })
  const queue = [...urls]
  const work = async (): Promise<void> => {
    for (let url = queue.pop(); url !== undefined; url = queue.pop())
      await plainFetch(url, folder, dispatcher, inspector).then(onFile)
  }
  try {
    await Promise.all(Array.from({ length: connections }, work))
  } finally {
    await dispatcher.close()
  }
}

async function plainFetch(
  url: string,
  folder: string,
  dispatcher: Agent,
  inspector: Inspector | undefined,
): Promise<string> {
  const { statusCode, body } = await request(url, { dispatcher })
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`)
  const temporary = join(folder, `${url.slice(url.lastIndexOf('/') + 1)}.part`)
  const [md5, sha256] = [createHash('md5'), createHash('sha256')]
  const file = await open(temporary, 'wx')
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      md5.update(chunk)
      sha256.update(chunk)
      await file.write(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  await inspector?.inspect(temporary)
  sha256.digest('hex')
  const name = md5.digest('hex')
  await rename(temporary, join(folder, name))
  return name
}

export async function curlDownload({ urls, folder, connections }: Download): Promise<void> {
  const config = join(folder, 'urls.curl')
  const entries = urls.map((url, n) => `url = "${url}"\noutput = "${join(folder, String(n))}"\n`)
  await writeFile(config, entries.join(''))
  const options = ['--parallel', '--parallel-max', String(connections), '--silent', '--show-error', '--fail']
  await run('curl', [...options, '--config', config])
}

export async function ariaDownload({ urls, folder, connections }: Download): Promise<void> {
  const list = join(folder, 'urls.txt')
  await writeFile(list, urls.map((url, n) => `${url}\n  out=${n}\n`).join(''))
  const options = [`--max-concurrent-downloads=${connections}`, '--split=1', '--quiet', '--no-conf']
  await run('aria2c', [...options, `--dir=${folder}`, `--input-file=${list}`], { maxBuffer: 1e8 })
}

/** True if a program is available to compare with. */
export async function isInstalled(program: string): Promise<boolean> {
  return await run(program, ['--version']).then(
    () => true,
    () => false,
  )
}

export async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}
