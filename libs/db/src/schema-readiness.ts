import { summarize } from '@mediakeep/schema-verify'
import type { Database } from '@mediakeep/sql'
import { verifyDatabase } from './verify-database.ts'

/** Probes arrive every few seconds; the schema rarely changes. */
const KEPT_MS = 60_000

/** Returns one line about the last verification, at most a minute old. Drift is reported in it, not thrown. */
export function schemaReadiness(database: Database): () => Promise<string> {
  let last: { readonly at: number; readonly line: Promise<string> } | undefined
  return () => {
    if (last && performance.now() - last.at < KEPT_MS) return last.line
    const line = verify(database)
    last = { at: performance.now(), line }
    line.catch(() => (last = undefined))
    return line
  }
}

async function verify(database: Database): Promise<string> {
  const checks = await verifyDatabase(database)
  const { failures, warnings } = summarize(checks)
  if (failures === 0) return warnings === 0 ? 'ok' : `ok, ${warnings} warnings`
  const first = checks.find((check) => !check.ok && check.severity === 'error')!
  return `drifted: ${failures} of ${checks.length} checks failed, ${first.object} the first`
}
