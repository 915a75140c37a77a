import type { Conditions } from '../paging/conditions.ts'
import { builder } from './builder.ts'
import { AnalysisStatus, Fate, MediaKind, MediaRole } from './enums.ts'
import { DEFAULT_DISTANCE, MAX_DISTANCE } from './similar-media.ts'
import { contentHasWords, postHasWords, type SearchPlan } from './text-search.ts'

const SimilarTo = builder.inputType('SimilarToInput', {
  fields: (t) => ({
    mediaId: t.id({ required: true }),
    maxDistance: t.int({
      defaultValue: DEFAULT_DISTANCE,
      description: `In bits of 64, at most ${MAX_DISTANCE}: 0 is as good as the same, up to 8 is the same picture as a rule.`,
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
    text: t.string({ description: "Words of the post's text, as one writes them into a search box." }),
    search: t.string({
      description:
        'Words of the post, or of what analysers found in the media: visible text, captions, labels. All of them in the one or in the other.',
    }),
    similarTo: t.field({
      type: SimilarTo,
      description: 'Media that look like this one, the nearest first whatever `orderBy` says; not itself.',
    }),
  }),
})

/** SQL over the alias `m`. */
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
    // Null and `pending`, as old writers leave them, are read as not_started.
    if (filter.status === 'not_started')
      where.push(`coalesce(m.ai_analysis_status, 'pending') IN ('not_started', 'pending')`)
    else restrict(filter.status, (status) => `m.ai_analysis_status = ${status}`)
    restrict(filter.fate, (fate) => `m.fate = ${fate}`)
    restrict(filter.role, (role) => `m.role = ${role}`)
    if (typeof filter.archived === 'boolean')
      where.push(`m.archive_url IS ${filter.archived ? 'NOT ' : ''}NULL`)
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
