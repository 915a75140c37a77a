import { publishedKeys } from '@mediakeep/custody'
import type { Sql } from '@mediakeep/sql'

/** How long an answer is shared, in milliseconds: anybody may ask as often as they like. */
const KEPT_MS = 5000

/** Reads the keys that sign the custody log's checkpoints, as the JSON that is published. */
export function openPublishedKeys(sql: Sql): () => Promise<string> {
  let kept: { readonly until: number; readonly body: Promise<string> } | undefined
  return () => {
    if (!kept || performance.now() > kept.until) {
      const body = publishedKeys(sql).then((keys) => `${JSON.stringify({ keys }, null, 2)}\n`)
      kept = { until: performance.now() + KEPT_MS, body }
      // A failure is not shared with later requests.
      body.catch(() => (kept = undefined))
    }
    return kept.body
  }
}
