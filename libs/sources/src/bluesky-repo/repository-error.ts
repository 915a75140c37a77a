/** A repository that cannot be read. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError'
  readonly code = 'invalid_repository'
}
