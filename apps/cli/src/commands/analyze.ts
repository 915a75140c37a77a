import type { Sql } from '@mediakeep/sql'
import type { Work } from '../command.ts'
import { counted } from '../output.ts'
import { selectMedia, type Selection } from '../selection.ts'
import { settleAnalyses, UNANALYSED } from '../settle-analyses.ts'
import { stageParts } from '../stage-parts.ts'

export interface Options extends Selection {
  readonly json?: boolean
  readonly dryRun?: boolean
}

export const analyze: Work<Options> = async ({ options, session, output }) => {
  const { pool } = await session.database()
  if (options.dryRun) {
    const named: string[] = []
    for await (const ids of selectMedia(pool, options, UNANALYSED)) named.push(...ids)
    output.result(named, [`Would analyse ${counted(named.length, 'media item')}.`, ...named])
    return 0
  }
  const { analysis } = await stageParts(session, output)
  let completed = 0
  const failed: string[] = []
  const waiting: string[] = []
  for await (const ids of selectMedia(pool, options, UNANALYSED)) {
    await settleAnalyses(pool, analysis, ids, session.signal, output, session.log)
    session.signal.throwIfAborted()
    for (const { mediaId, status, reason } of await readStatuses(pool, ids)) {
      if (status === 'completed') completed++
      else
        (reason === null ? waiting : failed).push(
          `${mediaId}: ${reason ?? 'waits for an analyser that no worker runs'}`,
        )
    }
  }
  output.result({ completed, failed, waiting }, [
    `Analysed ${counted(completed, 'media item')}; ${failed.length} failed, ${waiting.length} still waiting.`,
    ...failed,
    ...waiting,
  ])
  return failed.length > 0 ? 1 : 0
}

interface Status {
  readonly mediaId: string
  readonly status: string
  /** Errors of the analyses that did not succeed; null where none failed. */
  readonly reason: string | null
}

async function readStatuses(sql: Sql, mediaIds: readonly string[]): Promise<readonly Status[]> {
  const found = await sql.query<Status>(
    `SELECT m.media_id AS "mediaId", m.ai_analysis_status AS status,
       string_agg(a.analyser || ': ' || a.error, '; ' ORDER BY a.analyser) FILTER (WHERE a.state <> 'completed') AS reason
     FROM public.post_media m LEFT JOIN mediakeep.analyses a USING (sha256_sum)
     WHERE m.media_id = ANY($1) GROUP BY m.media_id ORDER BY m.media_id`,
    [mediaIds],
  )
  return found.rows
}
