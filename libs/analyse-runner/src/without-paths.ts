import { homedir } from 'node:os'
import { dirname, sep } from 'node:path'

/** Of at least two segments, and no part of a URL but `file:`; what is in it a quote, a colon or a space ends. */
const ABSOLUTE_PATH = /(?<![\w:/.~%…-])(?:file:\/\/)?(?:\/[^\s/\\'"`:;,()<>|]+){2,}/g
const WINDOWS_PATH = /(?<!\w)[A-Za-z]:(?:[\\/][^\s/\\'"`:;,()<>|]+)+/g

/**
 * The text of an error without the paths of this machine: it is stored, and shown to whoever may read. The file itself is
 * called by its place in the cache, `images/{md5}.jpg`; of others the last name stays.
 *
 * @param file absolute path in the cache
 */
export function withoutPaths(text: string, file: string): string {
  const place = file.split(sep).slice(-2).join('/')
  // Told apart from the rest: folders may have spaces in their names, which end a path in running text.
  const folders = [dirname(dirname(file)), process.cwd(), homedir()].filter(
    (folder) => dirname(folder) !== folder,
  )
  const known = folders.reduce(
    (left, folder) => left.replaceAll(folder + sep, '…/'),
    text.replaceAll(file, place),
  )
  return known.replace(ABSOLUTE_PATH, lastName).replace(WINDOWS_PATH, lastName)
}

function lastName(path: string): string {
  return `…/${path.split(/[\\/]/).at(-1)!}`
}
