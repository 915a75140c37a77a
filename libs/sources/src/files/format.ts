import { InvalidPostError, type JsonObject, type SourceFormat, type SourcePost } from '@mediakeep/plugin-api'
import { numberOf, textOf } from '../fields.ts'
import { fileNameOf, mediaTypeOfPath } from '../file-types.ts'
import { plausibleTime } from '../times.ts'

const EARLIEST = Date.UTC(1974, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)
const SHA256 = /^[0-9a-f]{64}$/
/** Cameras and phones write the time into the name: `IMG_20240501_100203.jpg`, `2024-05-01 10.02.03.png`. */
const TIME_IN_NAME =
  /(?:^|\D)((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)[-_ T]+([0-2]\d)[-.:]?([0-5]\d)[-.:]?([0-5]\d)(?:\d{3})?(?:\D|$)/

/**
 * Media files without posts: each is a post of its own, named by its bytes. Only on request: any export has such files.
 */
export const sourceFormat: SourceFormat = {
  name: 'files',
  platform: 'files',
  title: 'Plain folder of media files, one post for each',
  files: [{ encoding: 'file' }],
  recognises,
  read,
}

function recognises({ path, sha256, byteSize }: JsonObject): boolean {
  return (
    typeof path === 'string' &&
    typeof sha256 === 'string' &&
    byteSize !== undefined &&
    mediaTypeOfPath(path) !== undefined
  )
}

/** @throws InvalidPostError */
function read(item: JsonObject): SourcePost {
  const [path, sha256] = [textOf(item.path), textOf(item.sha256)]
  if (path === undefined || sha256 === undefined || !SHA256.test(sha256)) {
    throw new InvalidPostError('/sha256', 'the file has no path or no SHA-256', 'no_urn')
  }
  const name = fileNameOf(path)
  const postedAt = timeInName(name) ?? modifiedAt(item)
  if (postedAt === undefined) {
    throw new InvalidPostError(
      '/modifiedAt',
      'the file has no time between 1974 and 2100',
      'date_out_of_range',
    )
  }
  const byteSize = numberOf(item.byteSize)
  return {
    urn: `files:${sha256}`,
    postedAt,
    text: path,
    postType: 'file',
    media: [
      {
        file: path,
        key: sha256,
        role: 'content',
        mediaType: mediaTypeOfPath(path) ?? 'document',
        pointer: '/path',
        attested: { sha256, byteSize },
      },
    ],
  }
}

/** A zip without times says 1980. Such a file is kept, too. */
function modifiedAt(item: JsonObject): number | undefined {
  const time = numberOf(item.modifiedAt)
  return time !== undefined && time >= EARLIEST && time < LATEST ? Math.trunc(time) : undefined
}

/** Names are in local time, of a zone that they do not tell; it is read as UTC. */
function timeInName(name: string): number | undefined {
  const [, year, month, day, hour, minute, second] = (TIME_IN_NAME.exec(name) ?? []).map(Number)
  if (year === undefined || month === undefined || month < 1 || month > 12) return undefined
  return plausibleTime(Date.UTC(year, month - 1, day, hour, minute, second))
}
