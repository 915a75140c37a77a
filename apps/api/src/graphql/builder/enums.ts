import { ANALYSIS_STATUSES } from '@mediakeep/analysis-status'
import { FATES } from '@mediakeep/media'
import { FAILURE_STAGES } from '@mediakeep/pipeline'
import { MEDIA_ROLES, MEDIA_TYPES } from '@mediakeep/plugin-api'
import { builder } from './builder.ts'

// The values are those stored in the columns.
export const Fate = builder.enumType('Fate', {
  description:
    'What became of a media reference. `failed` will be tried again while downloadNotBefore is set.',
  values: FATES,
})
export const MediaRole = builder.enumType('MediaRole', {
  description: 'What a media reference is to its post, the strongest where it has several.',
  values: MEDIA_ROLES,
})
export const MediaKind = builder.enumType('MediaKind', { values: MEDIA_TYPES })
export const AnalysisStatus = builder.enumType('AnalysisStatus', {
  values: ANALYSIS_STATUSES,
})
export const FailureStage = builder.enumType('FailureStage', {
  values: FAILURE_STAGES,
})
export const OrderDirection = builder.enumType('OrderDirection', { values: ['ASC', 'DESC'] as const })
