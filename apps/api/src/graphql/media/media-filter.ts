import { DEFAULT_DISTANCE, MAX_DISTANCE, MOST_HOURS } from '@mediakeep/pipeline'
import { z } from 'zod'
import { builder } from '../builder/builder.ts'
import { AnalysisStatus, FailureStage, Fate, MediaKind, MediaRole } from '../builder/enums.ts'
import { searchText } from '../posts/search-text.ts'

const SimilarTo = builder.inputType('SimilarToInput', {
  fields: (t) => ({
    mediaId: t.id({ required: true }),
    maxDistance: t.int({
      defaultValue: DEFAULT_DISTANCE,
      description: `The maximum distance of the perceptual hashes in bits, up to ${MAX_DISTANCE}. 0: practically identical; up to 8: usually the same picture.`,
    }),
  }),
})

const FailureInput = builder.inputType('FailureInput', {
  fields: (t) => ({
    stage: t.field({ type: FailureStage, required: true }),
    reason: t.string({ description: 'The reason, as in `failureReasons`. The default is any.' }),
    analyser: t.string({
      description:
        'For the stage `analyse`: the analyser, for example `ocr@2`, as in `failureReasons`. The default is any.',
    }),
  }),
})

export const MediaFilter = builder.inputType('MediaFilter', {
  description: 'Media that meet every condition given.',
  fields: (t) => ({
    type: t.field({ type: MediaKind }),
    status: t.field({ type: AnalysisStatus }),
    fate: t.field({ type: Fate }),
    role: t.field({
      type: MediaRole,
      description:
        'Only media with this role. `content` includes media without a role: older tools stored no roles, and stored content only.',
    }),
    archived: t.boolean(),
    cached: t.boolean({
      description:
        'Only media whose file is in a cache, or only others. Caches of absent machines count: see `mediaStats.caches`.',
    }),
    inspected: t.boolean({
      description: 'Only fetched media that were decoded, or only those that were not.',
    }),
    failure: t.field({ type: FailureInput, description: 'Only media that failed at a stage.' }),
    expiresWithinHours: t.int({
      description: 'Only media that are not fetched and whose URL expires within this number of hours.',
      validate: z.number().int().min(1).max(MOST_HOURS),
    }),
    md5Sum: t.string(),
    sha256Sum: t.string(),
    postId: t.id(),
    author: t.string({ description: 'Only media of posts by the author with exactly this user name.' }),
    platform: t.string(),
    host: t.string({ description: 'Only media from this host: `host[:port]`.' }),
    createdAfter: t.field({ type: 'DateTime', description: 'Only those at this time or later.' }),
    createdBefore: t.field({ type: 'DateTime', description: 'Only those before this time.' }),
    postedAfter: t.field({ type: 'DateTime', description: 'Only those at this time or later.' }),
    postedBefore: t.field({ type: 'DateTime', description: 'Only those before this time.' }),
    text: t.string({
      description: "Words in the post's text, in the syntax of a search box.",
      validate: searchText,
    }),
    search: t.string({
      description:
        'Words of the post, of the alternative text, or of what analysers found in the media: visible text, captions, labels. All words must occur in one of them.',
      validate: searchText,
    }),
    similarTo: t.field({
      type: SimilarTo,
      description:
        'Only media that look like this one, the most similar first regardless of `orderBy`. The item itself is left out.',
    }),
  }),
})
