/** The error that the cache's port names: what the older tool wrote leads out of the cache, or nowhere. */
export function isCachePathError(error: unknown): boolean {
  return error instanceof Error && error.name === 'CachePathError'
}

/** The error that the cache's port names: nothing may be concluded from what is not there. */
export function isCacheUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'CacheUnavailableError'
}
