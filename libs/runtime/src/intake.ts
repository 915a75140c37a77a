import type { FileCache } from '@mediakeep/cache'
import type { Config } from '@mediakeep/config'
import type { Sniffer } from '@mediakeep/content'
import { openFetcher, type OpenFetcher } from '@mediakeep/fetch'
import { createSniffer, openSandboxedInspector, type SandboxedInspector } from '@mediakeep/inspect'
import { readMediaUrl } from '@mediakeep/media-url'
import { loadPlugins, type SourceFormat } from '@mediakeep/plugin-api'
import type { Isolation } from '@mediakeep/sandbox'
import { sourceFormats as ownFormats } from '@mediakeep/sources'

/** The components that new media pass through. */
export interface Intake {
  readonly fetcher: OpenFetcher
  readonly sniffer: Sniffer
  /** Decodes files in child processes. */
  readonly inspector: SandboxedInspector
  close(): Promise<void>
}

export interface IntakeOptions {
  readonly isolation: Isolation
  readonly cache: Pick<FileCache, 'temporaryFolder'>
}

export function openIntake({ download }: Config, { isolation, cache }: IntakeOptions): Intake {
  const fetcher = openFetcher({
    timeoutMs: download.timeoutMs,
    deadlineMs: download.deadlineMs,
    maxBytes: download.maxBytes,
    allowHosts: download.allowHosts,
    proxy: download.proxy,
    expiresAt: (url) => readMediaUrl(url).expiresAt,
  })
  const inspector = openSandboxedInspector({ isolation, scratchFolder: cache.temporaryFolder })
  return {
    fetcher,
    sniffer: createSniffer(),
    inspector,
    async close() {
      await Promise.all([fetcher.close(), inspector.close()])
    },
  }
}

/** Warns that the environment's proxy is not used for downloads; undefined if there is nothing to report. */
export function unusedProxy(env: NodeJS.ProcessEnv, { download }: Config): string | undefined {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const set = names.filter((name) => env[name])
  if (set.length === 0 || download.proxy !== undefined) return undefined
  return `${set.join(', ')} is not used for downloads. Set DOWNLOAD_PROXY to download through a proxy.`
}

/** Loads our own source formats and those of MEDIAKEEP_PLUGINS. @throws PluginError */
export async function loadSourceFormats(config: Config): Promise<readonly SourceFormat[]> {
  const { sourceFormats } = await loadPlugins(config.plugins, undefined, ownFormats)
  return [...ownFormats, ...sourceFormats]
}
