import { hash } from 'node:crypto'
import type { MediaReference } from '@mediakeep/plugin-api'

/**
 * Names a post that its export gives no id: by its time and the names of its files, else its text. The same post has
 * the same name in a later export, although folders changed or some files are missing. `within` tells apart posts that
 * may be equal in both, such as messages of two chats.
 */
export function nameOfPost(
  prefix: string,
  time: number,
  media: readonly MediaReference[],
  text: string | undefined,
  within = '',
): string {
  const files = media.flatMap(({ key, url }) => key ?? url?.replace(/[?#].*$/s, '') ?? [])
  const content = JSON.stringify([within, files.length > 0 ? files : text])
  return `${prefix}:${time}-${hash('sha256', content).slice(0, 16)}`
}
