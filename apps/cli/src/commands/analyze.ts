import { chooseAnalysers } from '@mediakeep/runtime'
import type { ConfiguredAnalyser } from '@mediakeep/analysis'
import type { Conditions, Sql } from '@mediakeep/sql'
import { UsageError, type Work } from '../command.ts'
import { lackingAnalyses, requestAnalyses, takenBy, type Lack } from '../missing-analyses.ts'
import { counted } from '../output.ts'
import { selectMedia, type Selection } from '../selection.ts'
import { settleAnalyses, UNANALYSED } from '../settle-analyses.ts'
import { stageParts } from '../stage-parts.ts'
import { selectStatuses } from './analyze.sql.ts'

export interface Options extends Selection {
  readonly missing?: boolean
  /** Names of analysers; default: all that are configured. */
  readonly analyser?: readonly string[]
  readonly json?: boolean
  readonly dryRun?: boolean
}

/** Media that one pass works on; an analyser is named if it runs on media that are completed. */
interface Pass {
  readonly conditions: string | Conditions
  readonly analyser?: string
}

export const analyze: Work<Options> = async ({ options, session, output }) => {
  const { pool } = await session.database()
  const { configured } = await chooseAnalysers(session.config)
  const passes = passesFor(options, configured)
  if (options.dryRun) {
    const named = new Set<string>()
    for (const { conditions } of passes)
      for await (const ids of selectMedia(pool, options, conditions)) ids.forEach((id) => named.add(id))
    output.result([...named], [`Would analyse ${counted(named.size, 'media item')}.`, ...named])
    return 0
  }
  const { analysis } = await stageParts(session, output)
  const completed = new Set<string>()
  const failed = new Map<string, string>()
  const waiting = new Map<string, string>()
  for (const { conditions, analyser } of passes) {
    const requested = new Set<string>()
    for await (const ids of selectMedia(pool, options, conditions)) {
      if (analyser !== undefined) await requestAnalyses(pool, analyser, ids, requested)
      await settleAnalyses(pool, analysis, { mediaIds: ids, analyser }, session.signal, output, session.log)
      session.signal.throwIfAborted()
      for (const { mediaId, status, reason } of await readStatuses(pool, ids)) {
        for (const state of [completed, failed, waiting]) state.delete(mediaId)
        if (status === 'completed') completed.add(mediaId)
        else if (reason === null)
          waiting.set(mediaId, `${mediaId}: waits for an analyser that no worker runs`)
        else failed.set(mediaId, `${mediaId}: ${reason}`)
      }
    }
  }
  const nothing = completed.size + failed.size + waiting.size === 0
  output.result({ completed: completed.size, failed: [...failed.values()], waiting: [...waiting.values()] }, [
    `Analysed ${counted(completed.size, 'media item')}; ${failed.size} failed, ${waiting.size} still waiting.`,
    ...failed.values(),
    ...waiting.values(),
    ...(nothing ? whatElse(options, await lackingAnalyses(pool, configured), configured) : []),
  ])
  return failed.size > 0 ? 1 : 0
}

function passesFor(
  { missing = false, analyser }: Options,
  configured: readonly ConfiguredAnalyser[],
): Pass[] {
  if (!missing && analyser === undefined) return [{ conditions: UNANALYSED }]
  const unknown = analyser?.find((name) => !configured.some((one) => one.name === name))
  if (unknown !== undefined)
    throw new UsageError(
      `${unknown} is not a configured analyser. Configured are: ${configured.map(({ name }) => name).join(', ')}.`,
    )
  return configured
    .filter(({ name }) => analyser?.includes(name) ?? true)
    .map((one) => ({ conditions: takenBy(one, missing), analyser: one.name }))
}

/** Says why there was nothing to do, and how to analyse what is completed. */
function whatElse(
  { missing }: Options,
  lacks: readonly Lack[],
  configured: readonly ConfiguredAnalyser[],
): string[] {
  if (missing === true) return ['No selected media item lacks a configured analyser.']
  const names = lacks.map(
    ({ analyser, files, isMore }) =>
      `${analyser} (${files.toLocaleString('en')}${isMore ? '+' : ''} ${files === 1 ? 'file' : 'files'})`,
  )
  const example = configured[0]?.name ?? 'ocr'
  return [
    'Every selected media item that can be analysed is analysed.',
    ...(names.length === 0
      ? []
      : [
          `Files completed before an analyser was added lack ${names.join(', ')}: mediakeep analyze --missing`,
        ]),
    `To run an analyser again: mediakeep analyze --analyser ${example}`,
  ]
}

interface Status {
  readonly mediaId: string
  /** Null for rows of the older tool. */
  readonly status: string | null
  /** Errors of the analyses that did not succeed; null where none failed. */
  readonly reason: string | null
}

async function readStatuses(sql: Sql, mediaIds: readonly string[]): Promise<readonly Status[]> {
  const found = await selectStatuses(sql, [mediaIds])
  return found.rows
}
