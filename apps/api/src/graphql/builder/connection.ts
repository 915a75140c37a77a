import type { Sql } from '@mediakeep/sql'
import { GraphQLError } from 'graphql'
import { InvalidCursorError } from '../../paging/cursor.ts'
import { countRows, readPage, type Edge, type Page, type Source } from '../../paging/read-page.ts'
import {
  InvalidPageError,
  toWindow,
  type Order,
  type PageArguments,
  type Window,
} from '../../paging/window.ts'

/** The value that a connection field resolves to. */
export interface Connection<Row> extends Page<Row> {
  edges: Edge<Row>[]
  readonly countAll?: () => Promise<number>
}

/** Reads a page of a list at the root of a query. */
export async function readConnection<Row extends object>(
  sql: Sql,
  source: Source,
  order: Order,
  args: PageArguments,
): Promise<Connection<Row>> {
  const page = await readPage<Row>(sql, source, windowOf(order, args))
  return { ...page, countAll: () => countRows(sql, source) }
}

/** Converts paging arguments to a window. @throws GraphQLError when they are invalid */
export function windowOf(order: Order, args: PageArguments): Window {
  try {
    return toWindow(order, args)
  } catch (error) {
    if (error instanceof InvalidPageError || error instanceof InvalidCursorError)
      throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT', reason: error.code } })
    throw error
  }
}

export const emptyPage: Page<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
}
