import { FATES } from '@mediakeep/media'
import { MEDIA_TYPES } from '@mediakeep/plugin-api'
import { builder } from './builder.ts'

// The values are those stored in the columns.
export const Fate = builder.enumType('Fate', {
  description:
    'What became of a media reference. `failed` will be tried again while downloadNotBefore is set.',
  values: FATES,
})
export const MediaRole = builder.enumType('MediaRole', {
  description: 'What a media reference is to its post, the strongest where it has several.',
  values: ['content', 'thumbnail', 'article', 'reshare', 'avatar'] as const,
})
export const MediaKind = builder.enumType('MediaKind', { values: MEDIA_TYPES })
export const AnalysisStatus = builder.enumType('AnalysisStatus', {
  values: ['not_started', 'started', 'completed', 'failed'] as const,
})
export const FailureStage = builder.enumType('FailureStage', {
  values: ['fetch', 'inspect', 'archive', 'analyse'] as const,
})
export const OrderDirection = builder.enumType('OrderDirection', { values: ['ASC', 'DESC'] as const })
