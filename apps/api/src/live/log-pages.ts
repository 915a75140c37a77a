import {
  compareCursors,
  cursorBehind,
  readEvents,
  type EventCursor,
  type LoggedEvent,
} from '@mediakeep/events'
import type { Sql } from '@mediakeep/sql'
import PQueue from 'p-queue'
import type { Page } from './live-group.ts'
import type { LiveChange, Topic } from './opening.ts'
import { selectMediaTypes } from './log-pages.sql.ts'

const EVENTS_A_PAGE = 64
const CHANGES_A_PAGE = 500
/** Many clients that reconnect at once must leave database connections for other work. */
const PAGES_AT_ONCE = 4

/** Splits events of an epoch into single changes, each with the position after it. */
export function changesOf(events: readonly LoggedEvent[], epoch: string | undefined): LiveChange[] {
  return events.flatMap(({ number, createdAt, kind, changes }) =>
    changes.map(
      (change, index) =>
        ({
          kind,
          change,
          changedAt: createdAt,
          cursor: cursorBehind(epoch, number, index, changes.length),
        }) as LiveChange,
    ),
  )
}

/** Returns the media types of changed media by id; media that no longer exist are missing. */
export async function mediaTypesOf(
  sql: Sql,
  changes: readonly LiveChange[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(changes.flatMap((one) => (one.kind === 'media' ? [one.change.mediaId] : [])))
  if (ids.size === 0) return new Map()
  const { rows } = await selectMediaTypes(sql, [[...ids]])
  return new Map(rows.map(({ id, type }) => [id, type]))
}

/** Reads changes of a topic from the log, one limited page at a time. */
export function openPages(
  sql: Sql,
): (topic: Topic, after: EventCursor, through: EventCursor) => Promise<Page> {
  const queue = new PQueue({ concurrency: PAGES_AT_ONCE })
  const read = async (topic: Topic, after: EventCursor, through: EventCursor): Promise<Page> => {
    const last = through.after + Math.sign(through.seen)
    const events = await readEvents(sql, after.after, { limit: EVENTS_A_PAGE, through: last })
    const all = changesOf(events, through.epoch).filter(
      ({ cursor }) => compareCursors(cursor, after) > 0 && compareCursors(cursor, through) <= 0,
    )
    const page = all.slice(0, CHANGES_A_PAGE)
    const end = page.length < all.length ? page.at(-1)!.cursor : reached(events, through)
    const types = await mediaTypesOf(sql, topic.needsMediaTypes ? page : [])
    return { changes: page.filter((change) => topic.matches(change, types)), end }
  }
  return (topic, after, through) => queue.add(() => read(topic, after, through))
}

function reached(events: readonly LoggedEvent[], through: EventCursor): EventCursor {
  if (events.length < EVENTS_A_PAGE) return through
  const end = { ...through, after: events.at(-1)!.number, seen: 0 }
  return compareCursors(end, through) < 0 ? end : through
}
