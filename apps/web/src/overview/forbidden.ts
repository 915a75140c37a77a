import { CombinedError } from 'urql'

/** Whether the token lacks the scope for what was asked. */
export function isForbidden(error: unknown): boolean {
  return (
    error instanceof CombinedError &&
    error.graphQLErrors.some(({ extensions }) => extensions['code'] === 'FORBIDDEN')
  )
}
