import './threads.ts'
import { copyFile, open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInspector } from '@mediakeep/inspect'
import { CONNECTIONS } from './download-stages.ts'
import { plainDownload } from './downloaders.ts'

// Fetches the URLs it is sent, with both digests, fsync and decoding, then copies each file:
// `plain-chain-process.ts FOLDER COPIES`. Uses neither the database nor our stages.
const [folder, copies] = process.argv.slice(2)
const inspector = createInspector()
process.on('message', (urls: string[]) => void work(urls).then((count) => process.send!(count)))
process.send!('ready')

async function work(urls: string[]): Promise<number> {
  await plainDownload({ urls, folder: folder!, connections: CONNECTIONS }, inspector, copy)
  return urls.length
}

async function copy(name: string): Promise<void> {
  await copyFile(join(folder!, name), join(copies!, name))
  const file = await open(join(copies!, name))
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
