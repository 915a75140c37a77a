import { createHash } from 'node:crypto'
import { InvalidMediaUrlError, type MediaUrl } from '@mediakeep/media-url'
import { unescapeUrl } from '@mediakeep/plugin-api'

/** The facts in a row's URL. */
export interface Reading {
  /** Without HTML entities. */
  readonly url: string
  readonly key: string
  readonly host: string | null
  readonly expiresAt: Date | undefined
  readonly refusal: string | null
}

/** Reads a row's URL. A key that the row already has stays, unless it came from a URL with HTML entities. */
export function readRow(
  row: { readonly url: string; readonly sourceKey: string | null },
  readMediaUrl: (url: string) => MediaUrl,
): Reading {
  const url = unescapeUrl(row.url)
  const known = url === row.url ? row.sourceKey : null
  try {
    const { sourceKey, host, expiresAt } = readMediaUrl(url)
    return { url, key: known ?? sourceKey, host, expiresAt, refusal: null }
  } catch (error) {
    if (!(error instanceof InvalidMediaUrlError)) throw error
    const key = known ?? createHash('sha256').update(url).digest('hex')
    return { url, key, host: null, expiresAt: undefined, refusal: error.code }
  }
}
