import { unrejectContent } from '@mediakeep/media'
import { quarantinedFiles, releaseQuarantined } from '@mediakeep/pipeline'
import type { Work } from '../command.ts'
import { counted, formatBytes, table } from '../output.ts'
import type { Selection } from '../selection.ts'

export interface Options extends Selection {
  readonly json?: boolean
  readonly dryRun?: boolean
}

export const list: Work<Options> = async ({ options, session, output }) => {
  const [{ pool }, cache] = await Promise.all([session.database(), session.cache()])
  const files = await quarantinedFiles(pool, cache.id, options)
  const rows = files.map(({ fileName, byteSize, quarantinedAt, reason, mediaIds, mediaCount, isHere }) => [
    fileName.slice(0, 12),
    formatBytes(byteSize),
    quarantinedAt.toISOString(),
    isHere ? 'here' : 'archive',
    `${mediaIds[0] ?? '-'}${mediaCount > 1 ? ` and ${mediaCount - 1} more` : ''}`,
    reason,
  ])
  const bytes = files.reduce((sum, file) => sum + (file.isHere ? file.byteSize : 0), 0)
  output.result({ cacheId: cache.id, files, bytes }, [
    ...(rows.length > 0 ? table([['file', 'size', 'since', 'where', 'media', 'reason'], ...rows]) : []),
    `${counted(files.length, 'file')}, ${formatBytes(bytes)} on this machine.`,
  ])
  return 0
}

export const restore: Work<Options> = async ({ options, session, output }) => {
  const [{ pool }, cache] = await Promise.all([session.database(), session.cache()])
  const files = await quarantinedFiles(pool, cache.id, options)
  const restored: { fileName: string; mediaIds: readonly string[]; isFetchedAgain: boolean }[] = []
  for (const { fileName, mediaIds, isContent } of files) {
    session.signal.throwIfAborted()
    const [mediaId] = mediaIds
    if (mediaId === undefined) continue
    const changed = options.dryRun === true ? mediaIds : await unrejectContent(pool, { mediaId })
    if (changed.length > 0) restored.push({ fileName, mediaIds: changed, isFetchedAgain: !isContent })
  }
  while (options.dryRun !== true && (await releaseQuarantined(pool, cache)) > 0);
  const again = restored.filter(({ isFetchedAgain }) => isFetchedAgain).length
  output.result(restored, [
    `${options.dryRun === true ? 'Would restore' : 'Restored'} ${restored.length - again} of ${counted(files.length, 'file')}.`,
    ...(again > 0
      ? [`${counted(again, 'file was', 'files were')} refused during the download and will be fetched again.`]
      : []),
  ])
  return 0
}
