import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  formatFinding,
  migrate,
  preflight,
  status,
  undo,
  type MigrationReport,
  type MigrationStatus,
} from '@mediakeep/migrations'
import { exitCodeOf, formatChecks, formatFixPlan, formatJunit, verifyUrl } from '@mediakeep/schema-verify'
import { expectedSchemaOf, type DatabaseProject } from './database-project.ts'

/** 0: success; 1: the database has drifted, or a migration failed; 2: the task could not run. */
export type ExitCode = 0 | 1 | 2

export type Print = (line: string) => void

export interface MigrateOptions {
  readonly dryRun?: boolean
  /** Only look for problems that block the migrations. */
  readonly check?: boolean
  readonly status?: boolean
  readonly down?: boolean
  /** Version, name or title. */
  readonly to?: string
}

export async function migrateTask(
  project: DatabaseProject,
  url: string,
  { dryRun = false, check = false, status: isStatus = false, down = false, to }: MigrateOptions,
  print: Print,
): Promise<ExitCode> {
  const options = { ...project.migrations, url, log: print, dryRun, ...(to === undefined ? {} : { to }) }
  const { adopt = [], preflight: checks, prepare } = project
  const adoption = { adopt, ...(checks ? { preflight: checks } : {}), ...(prepare ? { prepare } : {}) }
  if (check) {
    const findings = await preflight({ ...options, ...adoption })
    for (const finding of findings) print(formatFinding(finding))
    const refusals = findings.filter(({ severity }) => severity === 'refusal')
    // The rows can only be read where nothing stands in the way.
    if (refusals.length === 0 && to === undefined) await project.previewAfterMigrate?.(url, print)
    print(
      refusals.length > 0 ? `${refusals.length} problems; nothing was changed` : 'nothing stands in the way',
    )
    return refusals.length > 0 ? 1 : 0
  }
  if (isStatus) {
    for (const line of formatStatus(await status(options))) print(line)
  } else if (down) {
    const names = await undo({ ...options, stays: project.stays ?? [] })
    for (const name of names) print(`${dryRun ? 'would undo' : 'undone:'} ${name}`)
    if (names.length === 0) print('nothing to undo')
  } else {
    const report = await migrate({ ...options, ...adoption })
    for (const line of formatReport(report, dryRun)) print(line)
    // The code's own data changes do not apply to a database that stays older than the code.
    if (to === undefined && dryRun) await project.previewAfterMigrate?.(url, print)
    else if (to === undefined) await project.afterMigrate?.(url, print)
  }
  return 0
}

export interface VerifyOptions {
  readonly json?: boolean
  /** File for the JUnit report; `-` prints it. */
  readonly junit?: string
  readonly fixPlan?: boolean
  /** Also compare the owners of objects. */
  readonly owners?: boolean
  /** Also compare grants. */
  readonly grants?: boolean
}

export async function verifyTask(
  project: DatabaseProject,
  url: string,
  { json = false, junit, fixPlan = false, owners, grants }: VerifyOptions,
  print: Print,
): Promise<ExitCode> {
  const expected = await expectedSchemaOf(project)
  const started = performance.now()
  const checks = await verifyUrl(url, expected, { owners, grants })
  const milliseconds = performance.now() - started
  const report = junit === undefined ? undefined : formatJunit(checks, milliseconds / 1000)
  if (report !== undefined && junit !== '-') await writeFile(resolve(junit!), `${report}\n`)
  if (junit === '-') print(report!)
  else if (json) print(JSON.stringify(checks, null, 2))
  else if (fixPlan) print(formatFixPlan(checks))
  else {
    for (const line of formatChecks(checks)) print(line)
    print(`in ${Math.round(milliseconds)} ms`)
  }
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
  return statuses.map(({ name, state, appliedAt, otherVersions, edited, appliedAfter, note }) => {
    const remarks = [
      ...(note ? [note] : []),
      ...(edited ? ['its file was edited since'] : []),
      ...(appliedAfter ? [`out of order: after ${appliedAfter}`] : []),
      ...(otherVersions.length > 0 ? [`also recorded as ${otherVersions.join(', ')}`] : []),
    ]
    const when = appliedAt ? ` at ${appliedAt.toISOString()}` : ''
    return `${state.padEnd(7)} ${name}${when}${remarks.length > 0 ? ` (${remarks.join('; ')})` : ''}`
  })
}
