import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configureAnalysers } from '@mediakeep/analysis'
import { openFileArchive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import { digestFile } from '@mediakeep/checksum'
import { cachePath, type Archive, type MediaFacts } from '@mediakeep/content'
import { registerContents } from '@mediakeep/media'
import { loadPlugins, type AnalyserPlugin } from '@mediakeep/plugin-api'
import { noIsolation } from '@mediakeep/sandbox'
import { createTestDatabase, type TestDatabase } from '@mediakeep/testing'
import { analyseStage, type AnalyseStage, type AnalyseStageOptions } from './analyse-stage.ts'
import { cachedFiles } from './cached-files.ts'

interface Shown {
  readonly state: string
  readonly error: string | null
  readonly result: Record<string, unknown> | null
  readonly attempts: number
  readonly isLeased: boolean
}

/** A database, a cache and an archive that contain media, as after an import. */
export interface Library {
  readonly db: TestDatabase
  readonly cache: FileCache
  readonly archive: Archive
  readonly folder: string
  /** Log messages of the stages. */
  readonly said: string[]
  /** Adds a file to the cache, and one row of post_media with this id. @returns its SHA-256 */
  add(mediaId: string, bytes: Buffer | string, facts: MediaFacts): Promise<string>
  /** Writes and loads a third-party module. */
  plugin(name: string, source: string): Promise<AnalyserPlugin>
  /** Configures these analysers and returns a stage that runs them; it is closed at the end. */
  stage(analysers: readonly AnalyserPlugin[], options?: Partial<AnalyseStageOptions>): Promise<AnalyseStage>
  analysis(sha256: string, analyser: string): Promise<Shown | undefined>
  /** Makes all retries due now. */
  makeDue(): Promise<void>
  remove(): Promise<void>
}

export async function openLibrary(): Promise<Library> {
  const db = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-analyse-'))
  const cache = await openCache(join(folder, 'cache'), { create: true })
  const archive = await openFileArchive(join(folder, 'archive'), { create: true })
  const stages: AnalyseStage[] = []
  const said: string[] = []
  const say = (facts: object, message: string): void => void said.push(`${message} ${JSON.stringify(facts)}`)
  await db.query(`INSERT INTO posts (post_id, urn, posted_at_timestamp) VALUES ('p-1', 'urn:1', 0)`)
  return {
    ...{ db, cache, archive, folder, said },
    async add(mediaId, bytes, facts) {
      const temporary = await cache.createTemporary()
      await writeFile(temporary.path, bytes)
      const digests = await digestFile(temporary.path)
      const known = await registerContents(db, [{ ...digests, ...facts, isInspected: true }])
      const content = known.get(digests.sha256)!
      await cache.put(temporary, cachePath(content), digests)
      await db.query('UPDATE mediakeep.contents SET cache_id = $2 WHERE sha256_sum = $1', [
        digests.sha256,
        cache.id,
      ])
      await db.query(
        `INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, sha256_sum, local_file_path, fate)
         VALUES ($1, 'p-1', $2, 'https://media.example/' || $1, $1, $3, $4, 'fetched')`,
        [mediaId, facts.mediaType, digests.sha256, cachePath(content)],
      )
      return digests.sha256
    },
    async plugin(name, source) {
      const path = join(folder, name)
      await writeFile(path, source)
      return (await loadPlugins([path])).analysers[0]!
    },
    async stage(analysers, options = {}) {
      await configureAnalysers(
        db,
        analysers.map(({ analyser }) => analyser),
      )
      const files = cachedFiles({ db, cache, archive })
      const log = { info: say, warn: say, error: say }
      const defaults = { db, files, analysers, log, leaseSeconds: 30, cores: 2, isolation: noIsolation }
      const stage = analyseStage({ ...defaults, ...options })
      stages.push(stage)
      return stage
    },
    async analysis(sha256, analyser) {
      const found = await db.query<Shown>(
        `SELECT state, error, result, analysis_attempts AS attempts, analysis_lease_token IS NOT NULL AS "isLeased"
         FROM mediakeep.analyses WHERE sha256_sum = $1 AND analyser = $2`,
        [sha256, analyser],
      )
      return found.rows[0]
    },
    async makeDue() {
      await db.query(`UPDATE mediakeep.analyses SET analysis_not_before = now() - interval '1 second'
        WHERE analysis_not_before IS NOT NULL`)
    },
    async remove() {
      await Promise.all(stages.map((stage) => stage.close()))
      await cache.close()
      await db.drop()
      await rm(folder, { recursive: true })
    },
  }
}

export const PNG = { mediaType: 'image', mimeType: 'image/png', extension: 'png' } as const
export const JPEG = { mediaType: 'image', mimeType: 'image/jpeg', extension: 'jpg' } as const

/** A faulty third-party analyser: it does what the file says. */
export const MOODY = `
  import { readFile } from 'node:fs/promises'
  const held = []
  export const analyser = {
    name: 'moody', version: '7', mediaTypes: ['image'], timeoutMs: 60000, maxMemoryBytes: 200 * 1024 ** 2,
    env: ['MOOD'],
    async analyse({ path }) {
      const mood = (await readFile(path, 'utf8')).split(' ')[0]
      if (mood === 'hang') for (;;);
      if (mood === 'wait') await new Promise(() => undefined)
      if (mood === 'allocate') for (;;) held.push(Buffer.alloc(8 * 1024 ** 2, 1))
      if (mood === 'crash') process.abort()
      if (mood === 'throw') throw new Error('no mood for that')
      if (mood === 'refuse') throw Object.assign(new Error('not this one'), { code: 'refused', retryable: false })
      if (mood === 'gossip') throw new Error('cannot read ' + path + ' from ' + import.meta.url)
      if (mood === 'shout') process.stderr.write('no way ' + path), process.abort()
      if (mood === 'garbage') return { result: 'a string' }
      if (mood === 'boast') return { result: {}, usage: { model: 7, tokensUsed: 1.5, costUsd: -1 } }
      return { result: { text: mood, mood: process.env.MOOD ?? 'none', seesSecrets: 'DATABASE_URL' in process.env } }
    },
  }`
