/** A migration file that cannot be run as it stands. */
export class InvalidMigrationError extends Error {
  override readonly name = 'InvalidMigrationError'
  readonly code = 'invalid_migration'
  /** File name. */
  readonly file: string

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`)
    this.file = file
  }
}

/** A migration was refused by the database. What it had done is rolled back, unless it runs without a transaction. */
export class MigrationFailedError extends Error {
  override readonly name = 'MigrationFailedError'
  readonly code = 'migration_failed'
  readonly migration: string

  constructor(migration: string, cause: unknown) {
    super(`${migration}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.migration = migration
  }
}

/** Some objects of a migration are there and some are not, and nobody said how to make the missing ones. */
export class PartlyAppliedError extends Error {
  override readonly name = 'PartlyAppliedError'
  readonly code = 'migration_partly_applied'
  readonly migration: string
  readonly missing: readonly string[]

  constructor(migration: string, present: readonly string[], missing: readonly string[]) {
    super(
      `${migration} is there in part: it has ${present.join(', ')}, but lacks ${missing.join(', ')}. ` +
        'Create what is missing, or drop what is there, and migrate again',
    )
    this.migration = migration
    this.missing = missing
  }
}

/** The lock of migrators could not be had. */
export class MigrationLockError extends Error {
  override readonly name = 'MigrationLockError'
  readonly code = 'migration_locked'
}
