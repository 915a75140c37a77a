/** What makes a result unfit to be stored. */
export type ResultProblem =
  'not_an_object' | 'too_large' | 'too_deep' | 'nul_character' | 'lone_surrogate' | 'not_json'

/** A result that is not stored. Nothing is written, and the lease goes on. */
export class AnalysisResultError extends Error {
  override readonly name = 'AnalysisResultError'
  readonly code = 'invalid_result'
  readonly problem: ResultProblem
  /** JSON pointer to what is wrong; empty for the whole. */
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
  /** As it was asked for: `colours@1`. */
  readonly analyser: string
  /** `facts@1`, … */
  readonly configured: readonly string[]
  constructor(analyser: string, configured: readonly string[]) {
    super(`The analyser ${analyser} is not configured; configured are: ${configured.join(', ') || 'none'}`)
    this.analyser = analyser
    this.configured = configured
  }
}

/** A limit, lease or selection outside what the queue takes. */
export class AnalysisRangeError extends Error {
  override readonly name = 'AnalysisRangeError'
  readonly code = 'out_of_range'
}
