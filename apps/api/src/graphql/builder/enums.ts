import { ANALYSIS_STATUSES } from '@mediakeep/analysis-status'
import { FATES } from '@mediakeep/media'
import { FAILURE_STAGES } from '@mediakeep/pipeline'
import { MEDIA_ROLES, MEDIA_TYPES } from '@mediakeep/plugin-api'
import { builder } from './builder.ts'

// The values are those stored in the columns.
export const Fate = builder.enumType('Fate', {
  description: 'The result of downloading a media reference.',
  values: FATES,
})
export const MediaRole = builder.enumType('MediaRole', {
  description: 'The role of a media reference in its post. If it has several roles, the most important one.',
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
