import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createImportRun, readRejectedPosts, readRunSummary } from '@mediakeep/import'
import { startSampleOrigin, type SampleOrigin } from '@mediakeep/sample'
import { createStages, runStages, type StageParts } from '@mediakeep/worker'
import { pino } from 'pino'
import type { Work } from '../command.ts'
import type { Output } from '../output.ts'
import { startServer } from '../serving.ts'
import { openSession, type Session } from '../session.ts'
import { analysisLines, mediaOfRun, readAnalysisSummary } from '../analysis-summary.ts'
import { untilAnalysed } from '../settle-analyses.ts'
import { settleRun } from '../settle-media.ts'
import { StageFailures } from '../stage-failures.ts'
import { stageParts } from '../stage-parts.ts'
import { rejectionLines, summaryLines } from '../summary.ts'
import { untilAborted, whereToLook } from './serve.ts'

/** The demo's own session allows the sample's origin, whose port is only known now. */
export const demo: Work<object> = async ({ output }) => {
  const origin = await startSampleOrigin()
  const allowed = [process.env.DOWNLOAD_ALLOW_HOSTS, origin.host].filter(Boolean).join(',')
  const session = openSession({ env: { DOWNLOAD_ALLOW_HOSTS: allowed }, logLevel: 'warn' })
  try {
    const parts = await stageParts(session, output)
    const api = await startServer(session, parts)
    const failures = new StageFailures(output)
    const log = pino({ level: 'silent' })
    const running = runStages(createStages(parts), session.signal, { log, progress: failures })
    try {
      output.note(`${whereToLook(api)}\nImporting the sample, twenty invented posts …\n`)
      await importSample(origin, session, { ...parts, failures }, output)
      output.note(`\n${tryIt(api.url)}`)
      await untilAborted(session.signal)
    } finally {
      await api.close()
      await running
    }
    return 0
  } finally {
    await session.close()
    await origin.close()
  }
}

async function importSample(
  origin: SampleOrigin,
  session: Session,
  parts: StageParts & { readonly failures: StageFailures },
  output: Output,
): Promise<void> {
  const { db } = parts
  const folder = join(session.config.home, 'sample')
  const file = join(folder, 'linkedin-posts.json')
  await mkdir(folder, { recursive: true })
  await writeFile(file, await origin.posts())
  const { machine } = session.config
  const runId = await createImportRun(db, { files: [file], machine, source: 'mediakeep demo' })
  const undone = await settleRun(parts, runId, parts.failures, session.signal, output)
  const mediaIds = await mediaOfRun(db, runId)
  await untilAnalysed(db, mediaIds, session.signal, output)
  const summary = await readRunSummary(db, runId)
  if (!summary) return
  const rejected = await readRejectedPosts(db, runId)
  const analyses = await readAnalysisSummary(db, mediaIds)
  output.result({ ...summary, rejected, analyses }, [
    'Imported the sample.',
    ...summaryLines(summary),
    ...analysisLines(analyses),
    ...rejectionLines(rejected, summary.posts.rejected),
    ...undone,
  ])
}

function tryIt(url: string): string {
  const query =
    // Only archived items: the newest items of the sample could not be fetched and have no checksum.
    '{ mediaItems(first: 3, filter: { archived: true }) { nodes { id mimeType md5Sum sha256Sum archiveUrl aiAnalysisStatus post { authorUsername } } } }'
  const watch = 'subscription { mediaStatusChanged { cursor mediaId what previousStatus status } }'
  return [
    `Look at it in a browser: ${url}/`,
    'Ask it:',
    `  curl ${url}/graphql -H 'content-type: application/json' -d '{"query":"${query}"}'`,
    'Watch statuses change (import the sample again, or your own posts, meanwhile):',
    `  curl -N ${url}/graphql -H 'accept: text/event-stream' -H 'content-type: application/json' -d '{"query":"${watch}"}'`,
    'Ctrl-C stops it; npm start serves the same data again.',
  ].join('\n')
}
