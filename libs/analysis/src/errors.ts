/** Reasons why a result cannot be stored. */
export type ResultProblem =
  'not_an_object' | 'too_large' | 'too_deep' | 'nul_character' | 'lone_surrogate' | 'not_json'

/** A result that cannot be stored. Nothing is written, and the lease continues. */
export class AnalysisResultError extends Error {
  override readonly name = 'AnalysisResultError'
  readonly code = 'invalid_result'
  readonly problem: ResultProblem
  /** JSON pointer to the error; empty for the whole result. */
  readonly pointer: string
  constructor(problem: ResultProblem, message: string, pointer = '') {
    super(pointer ? `${message} (at ${pointer})` : message)
    this.problem = problem
    this.pointer = pointer
  }
}

/** A claim names an analyser, or a version of one, that is not configured. */
export class UnknownAnalyserError extends Error {
  override readonly name = 'UnknownAnalyserError'
  readonly code = 'unknown_analyser'
  /** As requested: `colours@1`. */
  readonly analyser: string
  /** `facts@1`, … */
  readonly configured: readonly string[]
  constructor(analyser: string, configured: readonly string[]) {
    super(`The analyser ${analyser} is not configured; configured are: ${configured.join(', ') || 'none'}`)
    this.analyser = analyser
    this.configured = configured
  }
}

/** A limit, lease or selection outside the allowed range. */
export class AnalysisRangeError extends Error {
  override readonly name = 'AnalysisRangeError'
  readonly code = 'out_of_range'
}
