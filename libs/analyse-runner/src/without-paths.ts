import { homedir } from 'node:os'
import { dirname, sep } from 'node:path'

/** At least two segments, and not part of a URL other than `file:`; a quote, a colon or a space ends it. */
const ABSOLUTE_PATH = /(?<![\w:/.~%…-])(?:file:\/\/)?(?:\/[^\s/\\'"`:;,()<>|]+){2,}/g
const WINDOWS_PATH = /(?<!\w)[A-Za-z]:(?:[\\/][^\s/\\'"`:;,()<>|]+)+/g

/**
 * Removes this machine's paths from an error's text, which is stored and shown to readers. The file itself becomes
 * its path in the cache, `images/{md5}.jpg`; other paths are cut to their last segment.
 *
 * @param file absolute path in the cache
 */
export function withoutPaths(text: string, file: string): string {
  const place = file.split(sep).slice(-2).join('/')
  // Replaced first: these folders may have spaces in their names, which end a path in running text.
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
