import { CombinedError } from 'urql'

export interface ErrorMessage {
  readonly words: string
  /** Another token might be allowed to do it. */
  readonly wantsToken: boolean
}

/** Explains to the user why the server did not answer, or refused. */
export function errorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof CombinedError))
    return { words: error instanceof Error ? error.message : String(error), wantsToken: false }
  const refused = refusalIn(error)
  if (refused) return { words: `Your token does not allow this: ${refused.message}`, wantsToken: true }
  const messages = error.graphQLErrors.map(({ message }) => message).join(' ')
  if (isUnauthorized(error)) return { words: messages || 'Sign in with a token.', wantsToken: true }
  return { words: messages || 'The server could not be reached.', wantsToken: false }
}

/** True if the request had no valid token. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof CombinedError && (error.response as Response | undefined)?.status === 401
}

/** True if the token lacks a scope that the request needs. */
export function isForbidden(error: unknown): boolean {
  return error instanceof CombinedError && refusalIn(error) !== undefined
}

function refusalIn({ graphQLErrors }: CombinedError): CombinedError['graphQLErrors'][number] | undefined {
  return graphQLErrors.find(({ extensions }) => extensions['code'] === 'FORBIDDEN')
}
