import { GraphQLError } from 'graphql'

/** Maximum size of one answer. */
export const MAX_ANSWER_BYTES = 32 * 1024 ** 2
/** Many clients cannot read or write JSON that is nested deeper. */
const MAX_JSON_DEPTH = 500

/** Counts the texts and JSON values of one answer while its fields resolve, and stops it before it is too large. */
export class AnswerBudget {
  #left: number
  readonly #exhausted = new AbortController()

  constructor(bytes = MAX_ANSWER_BYTES) {
    this.#left = bytes
  }

  /** True when the answer would exceed the limit. */
  get isExhausted(): boolean {
    return this.#left < 0
  }

  /** Aborts when the answer would exceed the limit: what is still being read for it is not needed. */
  get exhausted(): AbortSignal {
    return this.#exhausted.signal
  }

  /** @throws GraphQLError when the value exceeds the budget or cannot be serialised */
  spend(value: unknown): void {
    if (typeof value === 'string') this.#left -= value.length
    else if (typeof value === 'object' && value !== null) this.#spendOn(value)
    if (this.#left >= 0) return
    const error = answerTooLarge()
    this.#exhausted.abort(error)
    throw error
  }

  #spendOn(value: object): void {
    // Not recursive: the value may be nested deeper than the stack allows.
    const open: { readonly value: object; readonly depth: number }[] = [{ value, depth: 1 }]
    for (let at = open.pop(); at !== undefined && this.#left >= 0; at = open.pop()) {
      if (at.depth > MAX_JSON_DEPTH) throw tooDeep()
      for (const [name, inner] of Object.entries(at.value)) {
        this.#left -= name.length + (typeof inner === 'string' ? inner.length : 4)
        if (typeof inner === 'object' && inner !== null)
          open.push({ value: inner as object, depth: at.depth + 1 })
      }
    }
  }
}

export function answerTooLarge(): GraphQLError {
  return new GraphQLError(
    `The answer has more than ${MAX_ANSWER_BYTES} bytes: ask for smaller pages, or for fewer of the large fields (rawJson, aiAnalysis, result).`,
    { extensions: { code: 'ANSWER_TOO_LARGE', limit: MAX_ANSWER_BYTES, http: { status: 400 } } },
  )
}

function tooDeep(): GraphQLError {
  return new GraphQLError(
    `The stored JSON is nested deeper than ${MAX_JSON_DEPTH} levels, and is not sent.`,
    {
      extensions: { code: 'UNREPRESENTABLE_VALUE' },
    },
  )
}
