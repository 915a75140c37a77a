import type { Sql } from '@mediakeep/sql'

interface Message {
  readonly event: string | undefined
  readonly id: string | undefined
  readonly data: string | undefined
}

/** A client that parses Server-Sent Events itself. */
export interface Stream {
  readonly status: number
  readonly messages: Message[]
  /** The payloads of `mediaStatusChanged` or `importProgress`. */
  readonly changes: Record<string, unknown>[]
  readonly isOver: boolean
  cut(): void
}

export async function openStream(
  url: string,
  query: string,
  variables: object = {},
  headers: Record<string, string> = {},
): Promise<Stream> {
  const controller = new AbortController()
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: controller.signal,
  })
  const stream = {
    status: response.status,
    messages: [] as Message[],
    changes: [] as Record<string, unknown>[],
    isOver: false,
    cut: () => controller.abort(),
  }
  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop()!
      for (const block of blocks) take(stream, block)
    }
  }
  void read()
    .catch(() => undefined)
    .finally(() => (stream.isOver = true))
  return stream
}

function take(stream: { messages: Message[]; changes: Record<string, unknown>[] }, block: string): void {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim()
  const message = { event: field('event'), id: field('id'), data: field('data') }
  stream.messages.push(message)
  if (message.event !== 'next') return
  const { data } = JSON.parse(message.data!) as { data?: Record<string, Record<string, unknown>> | null }
  stream.changes.push(...Object.values(data ?? {}))
}

export const CHANGED = `subscription ($filter: MediaStatusFilter, $after: String) {
  mediaStatusChanged(filter: $filter, after: $after) { cursor mediaId what previousStatus status } }`

/** Changes the fate of media as our writers do: the rows and the event in one statement. */
export async function change(sql: Sql, fate: string, ...mediaIds: string[]): Promise<void> {
  await sql.query(
    `WITH before AS MATERIALIZED (
       SELECT media_id, fate FROM post_media WHERE media_id = ANY ($2) ORDER BY media_id FOR NO KEY UPDATE),
     changed AS (
       UPDATE post_media m SET fate = $1 FROM before b WHERE m.media_id = b.media_id
       RETURNING m.media_id, m.post_id, b.fate AS old_status, m.fate AS new_status)
     INSERT INTO mediakeep.events (kind, changes)
     SELECT 'media', jsonb_agg(jsonb_build_object('mediaId', media_id, 'postId', post_id, 'what', 'fate',
       'from', old_status, 'to', new_status) ORDER BY media_id) FROM changed HAVING count(*) > 0`,
    [fate, mediaIds],
  )
}

export function mediaId(n: number): string {
  return `med-${n.toString(16).padStart(8, '0')}`
}
