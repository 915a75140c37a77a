import { CombinedError } from 'urql'

export interface ErrorMessage {
  readonly words: string
  /** Whether another token might do. */
  readonly wantsToken: boolean
}

/** Why the server did not do, or tell, what was asked, in words for the person who asked. */
export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof CombinedError))
    return { words: error instanceof Error ? error.message : String(error), wantsToken: false }
  const refused = refusalIn(error)
  if (refused) return { words: `Your token does not allow this: ${refused.message}`, wantsToken: true }
  if (isUnauthorized(error)) return { words: 'The server wants a token.', wantsToken: true }
  const words = error.networkError
    ? 'The server could not be reached.'
    : error.graphQLErrors.map(({ message }) => message).join(' ')
  return { words, wantsToken: false }
}

/** Whether there was no token, or one that the server does not know. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof CombinedError && (error.response as Response | undefined)?.status === 401
}

/** Whether the token lacks the scope for what was asked. */
export function isForbidden(error: unknown): boolean {
  return error instanceof CombinedError && refusalIn(error) !== undefined
}

function refusalIn({ graphQLErrors }: CombinedError): CombinedError['graphQLErrors'][number] | undefined {
  return graphQLErrors.find(({ extensions }) => extensions['code'] === 'FORBIDDEN')
}
