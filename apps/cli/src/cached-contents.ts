import type { Digests } from '@mediakeep/checksum'
import { cachePath, type MediaType } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { type Selection, selectMedia } from './selection.ts'
import { selectPage, selectSelected } from './cached-contents.sql.ts'

/** A content that should be in a cache, and one media item that shows it. */
export interface CachedContent {
  readonly mediaId: string
  readonly path: string
  readonly digests: Digests
  readonly isArchived: boolean
}

interface Row {
  readonly mediaId: string
  readonly mediaType: MediaType
  readonly name: string
  readonly extension: string
  readonly md5: string
  readonly sha256: string
  readonly byteSize: number
  readonly isArchived: boolean
}

const PAGE = 1000

/** Yields the contents of the selected media, each once per page; without a selection, every content once. */
export async function* cachedContents(sql: Sql, selection: Selection): AsyncGenerator<CachedContent> {
  const isAll = Object.values(selection).every((value) => value === undefined)
  for await (const rows of isAll ? allContents(sql) : selectedContents(sql, selection)) {
    yield* rows.map(({ mediaId, md5, sha256, byteSize, isArchived, ...named }) => ({
      mediaId,
      isArchived,
      path: cachePath(named),
      digests: { md5, sha256, byteSize },
    }))
  }
}

async function* allContents(sql: Sql): AsyncGenerator<Row[]> {
  for (let after = ''; ;) {
    const page = await selectPage(sql, [after, PAGE])
    if (page.rows.length === 0) return
    after = page.rows.at(-1)!.sha256
    yield page.rows
  }
}

async function* selectedContents(sql: Sql, selection: Selection): AsyncGenerator<Row[]> {
  for await (const ids of selectMedia(sql, selection, `m.fate = 'fetched'`, PAGE)) {
    const page = await selectSelected(sql, [ids])
    yield page.rows
  }
}
