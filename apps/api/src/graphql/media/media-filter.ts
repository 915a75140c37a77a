import { uninspected } from '@mediakeep/media'
import { hasFailed } from '@mediakeep/pipeline'
import { z } from 'zod'
import type { Conditions } from '../../paging/conditions.ts'
import { builder } from '../builder/builder.ts'
import { AnalysisStatus, FailureStage, Fate, MediaKind, MediaRole } from '../builder/enums.ts'
import { MOST_HOURS } from '../context/overview-reads.ts'
import { DEFAULT_DISTANCE, MAX_DISTANCE } from './similar-media.ts'
import { contentHasWords, postHasWords, searchText, type SearchPlan } from '../posts/text-search.ts'

const SimilarTo = builder.inputType('SimilarToInput', {
  fields: (t) => ({
    mediaId: t.id({ required: true }),
    maxDistance: t.int({
      defaultValue: DEFAULT_DISTANCE,
      description: `In bits of 64, at most ${MAX_DISTANCE}: 0 is as good as the same, up to 8 is the same picture as a rule.`,
    }),
  }),
})

const FailureInput = builder.inputType('FailureInput', {
  fields: (t) => ({
    stage: t.field({ type: FailureStage, required: true }),
    reason: t.string({ description: 'As `failureReasons` has it; any unless given.' }),
    analyser: t.string({
      description: 'Of `analyse`: `ocr@2`, as `failureReasons` has it; any unless given.',
    }),
  }),
})

export const MediaFilter = builder.inputType('MediaFilter', {
  description: 'Media that meet every condition given.',
  fields: (t) => ({
    type: t.field({ type: MediaKind }),
    status: t.field({ type: AnalysisStatus }),
    fate: t.field({ type: Fate }),
    role: t.field({ type: MediaRole }),
    archived: t.boolean(),
    cached: t.boolean({
      description:
        'Whether a cache is recorded to have their file, of any machine, also one that is gone: see `mediaStats.caches`.',
    }),
    inspected: t.boolean({ description: 'Of what was fetched: whether its bytes were decoded.' }),
    failure: t.field({ type: FailureInput, description: 'What failed at a stage.' }),
    expiresWithinHours: t.int({
      description: 'Not fetched yet, and the signature of their URL ends so soon.',
      validate: z.number().int().min(1).max(MOST_HOURS),
    }),
    md5Sum: t.string(),
    sha256Sum: t.string(),
    postId: t.id(),
    author: t.string({ description: "The user name of the post's author, exactly." }),
    platform: t.string(),
    host: t.string({ description: 'Where the file comes from: host[:port].' }),
    createdAfter: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Before this time.' }),
    postedAfter: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    postedBefore: t.field({ type: 'DateTime', description: 'Before this time.' }),
    text: t.string({
      description: "Words of the post's text, as one types them into a search box.",
      validate: searchText,
    }),
    search: t.string({
      description:
        'Words of the post, or of what analysers found in the media: visible text, captions, labels. All of them must be in the one or in the other.',
      validate: searchText,
    }),
    similarTo: t.field({
      type: SimilarTo,
      description: 'Media that look like this one, the nearest first whatever `orderBy` says; not itself.',
    }),
  }),
})

/** SQL conditions over the alias `m`. */
export function mediaConditions(
  filter: typeof MediaFilter.$inferInput,
  plan: SearchPlan = 'index',
): Conditions {
  return (bind) => {
    const where: string[] = []
    const restrict = (value: unknown, condition: (parameter: string) => string): void => {
      if (value !== undefined && value !== null) where.push(condition(bind(value)))
    }
    const ofPost = (condition: string): string =>
      `EXISTS (SELECT FROM public.posts f WHERE f.post_id = m.post_id AND ${condition})`
    restrict(filter.type, (type) => `m.media_type = ${type}`)
    // Old writers leave null or `pending`, which means not_started.
    if (filter.status === 'not_started')
      where.push(`coalesce(m.ai_analysis_status, 'pending') IN ('not_started', 'pending')`)
    else restrict(filter.status, (status) => `m.ai_analysis_status = ${status}`)
    restrict(filter.fate, (fate) => `m.fate = ${fate}`)
    restrict(filter.role, (role) => `m.role = ${role}`)
    if (typeof filter.archived === 'boolean')
      where.push(`m.archive_url IS ${filter.archived ? 'NOT ' : ''}NULL`)
    if (typeof filter.cached === 'boolean')
      where.push(`m.local_file_path IS ${filter.cached ? 'NOT ' : ''}NULL`)
    if (typeof filter.inspected === 'boolean') where.push(isInspected(filter.inspected))
    if (filter.failure) {
      const { stage, reason, analyser } = filter.failure
      const bound = (text: string | null | undefined): string | undefined =>
        typeof text === 'string' ? bind(text) : undefined
      // PostgreSQL cannot determine the type of a parameter that no condition uses.
      const ofAnalyser = stage === 'analyse' ? bound(analyser) : undefined
      where.push(hasFailed(stage, { reason: bound(reason), analyser: ofAnalyser }))
    }
    restrict(filter.expiresWithinHours, expiresWithin)
    restrict(filter.md5Sum?.toLowerCase(), (md5) => `m.md5_sum = ${md5}`)
    restrict(filter.sha256Sum?.toLowerCase(), (sha256) => `m.sha256_sum = ${sha256}`)
    restrict(filter.postId, (id) => `m.post_id = ${id}`)
    restrict(filter.author, (author) => ofPost(`f.author_username = ${author}`))
    restrict(filter.platform, (platform) => ofPost(`f.platform = ${platform}`))
    restrict(filter.host, (host) => `m.source_host = ${host}`)
    restrict(filter.createdAfter, (time) => `m.created_at >= ${time}::timestamptz`)
    restrict(filter.createdBefore, (time) => `m.created_at < ${time}::timestamptz`)
    restrict(filter.postedAfter, (time) => `m.posted_at >= ${time}::timestamptz`)
    restrict(filter.postedBefore, (time) => `m.posted_at < ${time}::timestamptz`)
    restrict(filter.text, (text) => postHasWords('m.post_id', text, plan))
    restrict(
      filter.search,
      (text) =>
        `(${postHasWords('m.post_id', text, plan)} OR ${contentHasWords('m.sha256_sum', text, plan)})`,
    )
    restrict(filter.similarTo?.mediaId, (id) => `m.media_id <> ${id}`)
    return where
  }
}

/** SQL: whether a fetched media item is inspected. Uninspected contents are in the queue of a cache. */
function isInspected(inspected: boolean): string {
  return `(m.fate = 'fetched' AND ${inspected ? 'NOT ' : ''}EXISTS (SELECT FROM mediakeep.contents c
    WHERE c.sha256_sum = m.sha256_sum AND ${uninspected('c')}))`
}

function expiresWithin(hours: string): string {
  return `((m.fate = 'waiting' AND m.source_key IS NOT NULL OR m.fate = 'failed' AND m.download_not_before IS NOT NULL)
    AND m.url_expires_at > now() AND m.url_expires_at < now() + make_interval(hours => ${hours}::int))`
}
