import { CombinedError } from 'urql'

export interface WhyNot {
  readonly words: string
  /** Whether another token might do. */
  readonly wantsToken: boolean
}

/** Why the server did nothing at all, in words for the person who asked. */
export function whyNot(error: unknown): WhyNot {
  if (error instanceof CombinedError) {
    const refused = error.graphQLErrors.find(({ extensions }) => extensions['code'] === 'FORBIDDEN')
    if (refused) return { words: `Your token does not allow this: ${refused.message}`, wantsToken: true }
    if ((error.response as Response | undefined)?.status === 401)
      return { words: 'The server wants a token.', wantsToken: true }
    if (error.networkError)
      return { words: 'The server could not be reached. Nothing more was done.', wantsToken: false }
    return { words: error.graphQLErrors.map(({ message }) => message).join(' '), wantsToken: false }
  }
  return { words: error instanceof Error ? error.message : String(error), wantsToken: false }
}
