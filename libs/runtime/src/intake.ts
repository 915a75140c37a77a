import type { Config } from '@mediakeep/config'
import type { Inspector } from '@mediakeep/content'
import { openFetcher, type OpenFetcher } from '@mediakeep/fetch'
import { createInspector } from '@mediakeep/inspect'
import { readMediaUrl } from '@mediakeep/media-url'
import { loadPlugins, type SourceFormat } from '@mediakeep/plugin-api'
import { sourceFormat as linkedIn } from '@mediakeep/source-linkedin'

/** What new media come in through. */
export interface Intake {
  readonly fetcher: OpenFetcher
  readonly inspector: Inspector
}

export function openIntake({ download }: Config): Intake {
  return {
    fetcher: openFetcher({
      timeoutMs: download.timeoutMs,
      deadlineMs: download.deadlineMs,
      maxBytes: download.maxBytes,
      allowHosts: download.allowHosts,
      expiresAt: (url) => readMediaUrl(url).expiresAt,
    }),
    inspector: createInspector(),
  }
}

/** Our own source format and those of MEDIAKEEP_PLUGINS. @throws PluginError */
export async function loadSourceFormats(config: Config): Promise<readonly SourceFormat[]> {
  const { sourceFormats } = await loadPlugins(config.plugins)
  return [linkedIn, ...sourceFormats]
}
