/** The error that the cache's port names: nothing may be concluded from what is not there. */
export function isCacheUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'CacheUnavailableError'
}
