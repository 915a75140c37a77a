/** A migration file is not valid and cannot run. */
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

/** The database rejected a migration. All its changes are rolled back, unless it runs without a transaction. */
export class MigrationFailedError extends Error {
  override readonly name = 'MigrationFailedError'
  readonly code = 'migration_failed'
  readonly migration: string

  constructor(migration: string, cause: unknown) {
    super(`${migration}: ${describe(cause)}`, { cause })
    this.migration = migration
  }
}

/** Formats everything PostgreSQL reports about an error: message, position, detail and hint. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code, detail, hint, where, position } = cause as Error & Partial<Record<string, string>>
  const isHidden = code === '42501' && cause.message.includes('row-level security')
  return [
    cause.message,
    ...(code && position ? [`at character ${position} of the statement`] : []),
    ...(detail ? [`detail: ${detail}`] : []),
    ...(hint ? [`hint: ${hint}`] : []),
    ...(code && where ? [`where: ${where.replaceAll(/\s+/g, ' ')}`] : []),
    ...(isHidden ? ['use a role that sees all rows: one with BYPASSRLS, or the owner of the table'] : []),
  ].join('; ')
}

/** Some of a migration's objects exist and some do not, and its rule does not say it can create the missing ones. */
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

/** The migration lock could not be acquired. */
export class MigrationLockError extends Error {
  override readonly name = 'MigrationLockError'
  readonly code = 'migration_locked'
}

/** The database was migrated by newer code than this. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError'
  readonly code = 'migration_newer_schema'
  /** Recorded migrations that have no file in this code. */
  readonly migrations: readonly string[]

  constructor(migrations: readonly string[]) {
    super(
      `The database is newer than this code: it has ${migrations.join(', ')}. Run the newer code, or let that ` +
        'undo them first (--down --to)',
    )
    this.migrations = migrations
  }
}

/** A migration must not be undone. Nothing was undone. */
export class MigrationStaysError extends Error {
  override readonly name = 'MigrationStaysError'
  readonly code = 'migration_stays'
  readonly migration: string

  constructor(migration: string, reason: string) {
    super(`${migration} stays, and nothing was undone: ${reason}`)
    this.migration = migration
  }
}

/** Something in the database blocks its migrations. Nothing was changed. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'
  readonly code = 'migration_preflight'
  /** One line for each refusal, with its remedy. */
  readonly refusals: readonly string[]

  constructor(refusals: readonly string[]) {
    super(`Nothing was changed.\n${refusals.join('\n')}`)
    this.refusals = refusals
  }
}
