import type { Sql } from '@mediakeep/sql'
import { readSnippets } from './search-snippets.sql.ts'

/** A part of a snippet, and whether it is a word that was searched for. */
export interface SnippetPart {
  readonly text: string
  readonly isMatch: boolean
}

// As in search-snippets.sql.
const START = '\u0002'
const STOP = '\u0003'

/**
 * Returns the words around the hits of a search, for each of these media: in the text of the post, else in the alternative text,
 * else in what was found in the picture. Media that do not match are left out.
 */
export async function searchSnippets(
  sql: Sql,
  mediaIds: readonly string[],
  text: string,
): Promise<Map<string, readonly SnippetPart[]>> {
  const { rows } = await readSnippets(sql, [mediaIds, text])
  return new Map(rows.flatMap(({ id, headline }) => (headline === null ? [] : [[id, partsOf(headline)]])))
}

/** Splits a headline at its marks. It has none if the hit is far behind the beginning of a long text. */
function partsOf(marked: string): SnippetPart[] {
  return marked
    .replaceAll(/\s+/g, ' ')
    .split(START)
    .flatMap((piece, n) => {
      const end = n === 0 ? -1 : piece.indexOf(STOP)
      return [
        { text: piece.slice(0, Math.max(0, end)), isMatch: true },
        { text: piece.slice(end + 1), isMatch: false },
      ]
    })
    .filter(({ text }) => text !== '')
}
