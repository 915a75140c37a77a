import { hostname } from 'node:os'
import type { Lease } from '@mediakeep/lease'
import type { SourceFormat } from '@mediakeep/plugin-api'
import type { Database } from '@mediakeep/sql'
import { BatchFilesReader } from './batch-files.ts'
import { batches, type Batch } from './batches.ts'
import { halves, refused } from './divide-batch.ts'
import { NEXT_MEMBER } from './run-options.ts'
import { storeBatch } from './store-batch.ts'
import { storeSafely, withRetries, type Storing } from './store-safely.ts'

export interface WorkOptions {
  readonly formats: readonly SourceFormat[]
  /** The machine on which the files are; default: as the run says. */
  readonly machine?: string | undefined
  readonly signal: AbortSignal
  /** Called after every batch. */
  readonly onStored: () => Promise<void>
}

/** Imports the files of a run from its position. Parses the next batch while the database stores one. */
export async function importFiles(db: Database, lease: Lease, options: WorkOptions): Promise<void> {
  const { signal, onStored } = options
  const run = await withRetries(() => readRun(db, lease.id), signal)
  const from = { file: run.next_file, member: run.next_member, post: run.next_post }
  const formats = chosenFormats(run.formats, options.formats)
  const reader = new BatchFilesReader(options.machine ?? run.machine ?? hostname())
  let storing = Promise.resolve()
  for await (const batch of batches({ files: run.files, formats, from, signal })) {
    await storing
    signal.throwIfAborted()
    const files = await reader.read(batch)
    const how: Storing<Batch> = {
      store: (part) => storeBatch(db, lease, part, { formats: options.formats, files }),
      halve: halves,
      reject: refused,
    }
    storing = storeSafely(batch, how, signal).then(onStored)
    // Awaited one batch later: until then a failure must not count as unhandled.
    storing.catch(() => undefined)
  }
  await storing
}

interface RunPosition {
  readonly files: string[]
  readonly machine: string | null
  readonly next_file: number
  readonly next_member: number
  readonly next_post: number
  /** Names of the formats to use; null for all. */
  readonly formats: string[] | null
}

async function readRun(db: Database, runId: string): Promise<RunPosition> {
  const { rows } = await db.query<RunPosition>(
    `SELECT files, machine, next_file, ${NEXT_MEMBER} AS next_member, next_post, options -> 'use' AS formats
     FROM mediakeep.import_runs WHERE run_id = $1`,
    [runId],
  )
  return rows[0]!
}

function chosenFormats(
  names: readonly string[] | null,
  formats: readonly SourceFormat[],
): readonly SourceFormat[] {
  if (!names) return formats
  const chosen = formats.filter(({ name }) => names.includes(name))
  if (chosen.length === names.length) return chosen
  throw new Error(`This process does not know the formats ${names.join(', ')}; see MEDIAKEEP_PLUGINS`)
}
