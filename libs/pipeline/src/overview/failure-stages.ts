/** The stages at which media can fail. */
export const FAILURE_STAGES = ['fetch', 'inspect', 'archive', 'analyse'] as const

export type FailureStage = (typeof FAILURE_STAGES)[number]
