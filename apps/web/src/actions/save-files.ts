import { MediaFilesDocument } from '@mediakeep/client'
import type { MediaAction } from './actions.ts'
import { outcomeOf } from './outcome.ts'

/** Browsers drop downloads that start closer together than this. */
const PAUSE_MS = 250

/** Has the browser save each file. */
export const saveFiles: MediaAction = {
  present: 'Downloading',
  batch: 20,
  async run(client, ids) {
    const { nodes } = await client.query(MediaFilesDocument, { ids })
    const files = new Map(nodes.flatMap((node) => (node?.__typename === 'Media' ? [[node.id, node]] : [])))
    const items = []
    for (const mediaId of ids) {
      const url = files.get(mediaId)?.url
      if (url) {
        save(url)
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
      items.push(url ? { mediaId, done: 'downloaded' } : { mediaId, failed: 'Nothing was fetched for it.' })
    }
    return outcomeOf(items)
  },
}

function save(url: string): void {
  const link = document.createElement('a')
  link.href = url
  // Empty: keeps the file name that the server sends.
  link.download = ''
  // Browsers display media of another origin if they can: open them in a new tab, not in place of the console.
  link.target = '_blank'
  link.rel = 'noreferrer'
  link.click()
}
