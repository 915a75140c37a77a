import type { MigrationReport, MigrationStatus } from '@mediakeep/migrations'
import { exitCodeOf, formatChecks } from '@mediakeep/schema-verify'
import type { DatabaseModule } from './database-module.ts'

/** 0: all is well; 1: the database has drifted, or a migration failed; 2: the task could not run. */
export type ExitCode = 0 | 1 | 2

type Print = (line: string) => void

export interface MigrateOptions {
  readonly dryRun?: boolean
  readonly status?: boolean
}

export async function migrateTask(
  database: DatabaseModule,
  url: string,
  { dryRun = false, status = false }: MigrateOptions,
  print: Print,
): Promise<ExitCode> {
  if (status) {
    for (const line of formatStatus(await database.migrationStatus(url))) print(line)
    return 0
  }
  const report = await database.migrateDatabase(url, { log: print, dryRun })
  for (const line of formatReport(report, dryRun)) print(line)
  return 0
}

export async function verifyTask(
  database: DatabaseModule,
  url: string,
  { json = false }: { readonly json?: boolean },
  print: Print,
): Promise<ExitCode> {
  const checks = await database.verifyDatabase(url)
  if (json) print(JSON.stringify(checks, null, 2))
  else for (const line of formatChecks(checks)) print(line)
  return exitCodeOf(checks)
}

function formatReport(report: MigrationReport, dryRun: boolean): string[] {
  const { adopted, completed, rebuilt, applied } = report
  if (!dryRun) {
    const done = `${applied.length} applied, ${adopted.length} adopted`
    return [`migrated: ${done}${completed.length > 0 ? `, ${completed.length} objects completed` : ''}`]
  }
  const plan = [
    ...adopted.map((name) => `would adopt ${name}`),
    ...completed.map((object) => `would complete ${object}`),
    ...rebuilt.map((index) => `would build ${index} again`),
    ...applied.map((name) => `would apply ${name}`),
  ]
  return plan.length > 0 ? plan : ['nothing to do']
}

function formatStatus(statuses: readonly MigrationStatus[]): string[] {
  return statuses.map(({ name, state, appliedAt, otherVersions }) => {
    const when = appliedAt ? ` at ${appliedAt.toISOString()}` : ''
    const also = otherVersions.length > 0 ? ` (also recorded as ${otherVersions.join(', ')})` : ''
    return `${state.padEnd(7)} ${name}${when}${also}`
  })
}
