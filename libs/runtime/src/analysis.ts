import { access } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { analyseStage, cachedFiles, type AnalyseStage } from '@mediakeep/analyse-runner'
import { findLanguages, gatherLanguages, MissingLanguageError, type Language } from '@mediakeep/analyser-ocr'
import { createVisionAnalyser } from '@mediakeep/analyser-vision'
import { configureAnalysers, type ConfiguredAnalyser } from '@mediakeep/analysis'
import { ConfigError, type Config } from '@mediakeep/config'
import type { OpenMediaDeps } from '@mediakeep/pipeline'
import { loadPlugins, type AnalyserPlugin } from '@mediakeep/plugin-api'
import type { Isolation } from '@mediakeep/sandbox'
import type { Database } from '@mediakeep/sql'
import type { Logger } from 'pino'

/** Analysers that need no key. They are loaded like third-party modules. */
const OURS = ['@mediakeep/analyser-facts', '@mediakeep/analyser-ocr', '@mediakeep/analyser-provenance']
/** Analysers that run only if ANALYSERS lists them. */
const ON_REQUEST = ['provenance']

export interface ChosenAnalysers {
  /** A content is completed once it has results from all of these. */
  readonly configured: readonly ConfiguredAnalyser[]
  /** Those that run in our workers; the others' workers run elsewhere. */
  readonly local: readonly AnalyserPlugin[]
}

/** Returns ours, the configured model and the plugins', or those in ANALYSERS. @throws PluginError, ConfigError */
export async function chooseAnalysers(
  config: Pick<Config, 'analysis' | 'plugins'>,
): Promise<ChosenAnalysers> {
  const { resolve } = createRequire(import.meta.url)
  const modules = OURS.map((name) => pathToFileURL(resolve(name)).href)
  const { analysers: loaded } = await loadPlugins([...modules, ...config.plugins])
  const { vision, analysers: named } = config.analysis
  const model = vision
    ? [{ module: '@mediakeep/analyser-vision', analyser: createVisionAnalyser(vision) }]
    : []
  const known = [...loaded, ...model]
  const chosen =
    named?.map(({ name, version, mediaTypes }) => {
      const local = known.find(
        ({ analyser }) => analyser.name === name && (version ?? analyser.version) === analyser.version,
      )
      if (local) return { local, configured: local.analyser }
      if (version !== undefined) return { configured: { name, version, mediaTypes } }
      const names = known.map(({ analyser }) => analyser.name).join(', ')
      throw new ConfigError(
        `ANALYSERS names ${name}, which is not installed here (installed: ${names}). For an analyser that runs elsewhere, add its version: ${name}@1`,
      )
    }) ??
    known
      .filter(({ analyser }) => !ON_REQUEST.includes(analyser.name))
      .map((local) => ({ local, configured: local.analyser }))
  return {
    configured: chosen.map(({ configured: { name, version, mediaTypes } }) => ({
      name,
      version,
      mediaTypes,
    })),
    local: chosen.flatMap(({ local }) => (local ? [local] : [])),
  }
}

/** Opens the analysis stage and stores the configured analysers in the database. @throws PluginError, ConfigError */
export async function openAnalysis(
  config: Config,
  deps: OpenMediaDeps & { readonly db: Database; readonly isolation: Isolation },
  log: Logger,
): Promise<AnalyseStage> {
  const { configured, local } = await chooseAnalysers(config)
  const { leaseSeconds, ocrLanguages, trustAnchors } = config.analysis
  await assertReadable(trustAnchors)
  const languages = local.some(({ analyser }) => analyser.name === 'ocr')
    ? await languagesOf(ocrLanguages)
    : []
  const data = languages.length > 0 ? [await gatherLanguages(languages, join(config.home, 'ocr'))] : []
  await configureAnalysers(deps.db, configured)
  const { db, isolation } = deps
  return analyseStage({
    db,
    files: cachedFiles(deps),
    analysers: local,
    leaseSeconds,
    isolation: {
      ...isolation,
      readable: [...isolation.readable, ...data, ...(trustAnchors ? [dirname(trustAnchors)] : [])],
    },
    log,
    environment: {
      ...process.env,
      OCR_LANGUAGES: languages.map(({ code }) => code).join(','),
      OCR_DATA: data[0],
      PROVENANCE_TRUST_ANCHORS: trustAnchors,
    },
  })
}

/** @throws ConfigError: with a language missing, every analysis of the text would fail */
async function languagesOf(names: readonly string[]): Promise<Language[]> {
  return findLanguages(names).catch((error: unknown) => {
    throw error instanceof MissingLanguageError ? new ConfigError(error.message) : error
  })
}

/** @throws ConfigError: without the file, every analysis of the provenance would fail */
async function assertReadable(trustAnchors: string | undefined): Promise<void> {
  if (trustAnchors === undefined) return
  await access(trustAnchors).catch((cause: unknown) => {
    throw new ConfigError(`PROVENANCE_TRUST_ANCHORS: ${trustAnchors} cannot be read: ${String(cause)}`)
  })
}
