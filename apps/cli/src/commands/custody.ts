import { readFile } from 'node:fs/promises'
import {
  type Checkpoint,
  explainReport,
  type ItemSubject,
  latestCheckpoint,
  makeCheckpoint,
  programActor,
  rotateSigningKey,
  verifyDatabaseLog,
  verifyHistory,
} from '@mediakeep/custody'
import { type MediaContent, mediaContents } from '@mediakeep/media'
import type { Sql } from '@mediakeep/sql'
import { type CommonOptions, UsageError, type Work } from '../command.ts'
import { counted } from '../output.ts'

export interface Verification extends CommonOptions {
  readonly key?: string
  readonly checkpoint?: string
  readonly media?: string
}

export const verify: Work<Verification> = async (work) => {
  const { options, session, output } = work
  const { pool } = await session.databaseToRead()
  if (options.media !== undefined) return await verifyMedia(work, pool, options.media)
  const anchors = {
    key: options.key,
    checkpoints: options.checkpoint === undefined ? [] : [await readCheckpoint(options.checkpoint)],
  }
  const report = await verifyDatabaseLog(pool, { ...anchors, signal: session.signal })
  const explanation = explainReport(report, anchors)
  output.result({ ...report, ...explanation }, [
    ...report.problems.map(({ number, problem }) => `WRONG  ${number}: ${problem}`),
    ...explanation.proved.map((line) => `Proved: ${line}`),
    ...explanation.open.map((line) => `Open:   ${line}`),
    ...(report.waiting > 0 ? [`Open:   ${report.waiting} entries have no number yet.`] : []),
  ])
  return report.problems.length > 0 ? 1 : 0
}

/** Proves the history of one media item and of the file that it shows. */
async function verifyMedia(
  { session, output }: Parameters<Work<Verification>>[0],
  sql: Sql,
  id: string,
): Promise<0 | 1> {
  const [media] = await mediaContents(sql, [id])
  if (media?.rowId === undefined) throw new UsageError(`There is no media item ${id}.`)
  const report = await verifyHistory(sql, historySubjects(id, media), session.signal)
  const { entries, problems, keys, waiting } = report
  const open = entries.filter(({ checkpoint }) => checkpoint === undefined).length
  output.result(report, [
    ...entries.map(({ number, at, kind, details }) =>
      [number, at, kind, ...(Object.keys(details).length > 0 ? [JSON.stringify(details)] : [])].join('  '),
    ),
    ...problems.map(({ number, problem }) => `WRONG  ${number}: ${problem}`),
    ...(problems.length === 0 && entries.length > open
      ? [
          `Proved: ${counted(entries.length - open, 'entry', 'entries')} unchanged since signed with the key ${keys.join(', ')}.`,
        ]
      : []),
    ...(open > 0 ? [`Open:   ${counted(open, 'entry', 'entries')} not signed yet.`] : []),
    ...(waiting > 0 ? [`Open:   ${counted(waiting, 'entry', 'entries')} without a number yet.`] : []),
    'Open:   that no entry about it is missing. Run "mediakeep custody verify" with an anchor, which reads the whole log.',
  ])
  return problems.length > 0 ? 1 : 0
}

function historySubjects(id: string, { rowId, content }: MediaContent): ItemSubject[] {
  const media = [...new Set([id, rowId!])].map((one): ItemSubject => `media:${one}`)
  return content ? [...media, `content:${content.sha256}`] : media
}

export const checkpoint: Work<CommonOptions> = async ({ session, output }) => {
  const { pool } = await session.database()
  await makeCheckpoint(pool, programActor(), session.signal)
  const latest = await latestCheckpoint(pool)
  if (!latest) {
    output.note('Another process is numbering entries: try again in a moment.')
    return 1
  }
  const saved = { body: latest.body, signature: Buffer.from(latest.signature).toString('base64') }
  output.result(saved, [JSON.stringify(saved)])
  return 0
}

export const rotateKey: Work<CommonOptions> = async ({ session, output }) => {
  const { pool } = await session.database()
  const { publicKey } = await rotateSigningKey(pool, programActor())
  output.result({ fingerprint: publicKey.fingerprint }, [publicKey.fingerprint])
  return 0
}

async function readCheckpoint(path: string): Promise<Checkpoint> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`Cannot read the checkpoint ${path}: ${(error as Error).message}`)
  })
  try {
    const { body, signature } = JSON.parse(text) as Record<string, unknown>
    if (typeof body === 'string' && typeof signature === 'string')
      return { body, signature: Buffer.from(signature, 'base64') }
  } catch {
    // Said below.
  }
  throw new UsageError(`${path} is not a checkpoint: save one with "mediakeep custody checkpoint".`)
}
