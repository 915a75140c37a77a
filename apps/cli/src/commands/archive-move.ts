import { archivePrefix, moveArchive } from '@mediakeep/pipeline'
import { openFormerArchive } from '@mediakeep/runtime'
import type { Work } from '../command.ts'
import { formatBytes } from '../output.ts'

export interface MoveOptions {
  readonly json?: boolean
  readonly from?: string
  readonly limit?: number
  readonly dryRun?: boolean
}

/** `mediakeep archive move` */
export const moveToArchive: Work<MoveOptions> = async ({ options, session, output }) => {
  const { dryRun, limit } = options
  const { pool } = await session.database()
  const to = await session.archive()
  const from = await openFormerArchive(session.config, pool, options.from)
  const progress = output.progress('move')
  let [copied, bytes] = [0, 0]
  const contents = await moveArchive(
    { db: pool, from, to },
    {
      dryRun,
      limit,
      signal: session.signal,
      onContent: ({ byteSize, outcome }) => {
        if (outcome === 'moved') bytes += byteSize
        progress.update(++copied, copied, `contents, ${formatBytes(bytes)}`)
      },
    },
  ).finally(() => progress.stop())
  const failed = contents.filter(({ outcome }) => outcome !== 'moved')
  output.result({ moved: contents.length - failed.length, bytes, failed }, [
    `${dryRun ? 'Would copy' : 'Copied'} ${contents.length - failed.length} contents, ${formatBytes(bytes)}, to ${archivePrefix(to)}; ${failed.length} failed.`,
    ...failed.map(({ sha256, outcome, reason }) => `${outcome}: ${sha256}: ${reason ?? ''}`),
    ...(dryRun
      ? []
      : [
          'The old archive keeps its objects. Remove it once `mediakeep archive verify --deep` finds nothing wrong.',
        ]),
  ])
  return failed.length > 0 ? 1 : 0
}
