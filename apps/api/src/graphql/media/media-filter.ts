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
    role: t.field({
      type: MediaRole,
      description:
        'For `content`, also media without a role: older tools stored none, and kept the content of posts alone.',
    }),
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
        'Words of the post, of the alternative text, or of what analysers found in the media: visible text, captions, labels. All words must occur in one of them.',
      validate: searchText,
    }),
    similarTo: t.field({
      type: SimilarTo,
      description: 'Media that look like this one, the nearest first whatever `orderBy` says; not itself.',
    }),
  }),
})
