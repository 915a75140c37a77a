import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDatabaseProject, type DatabaseProject } from './database-project.ts'
import { lintTask } from './lint.ts'
import { openTarget } from './open-target.ts'
import { migrateTask, verifyTask, type ExitCode } from './tasks.ts'

const USAGE = `mediakeep-schema migrate --database <module> [--to <version>] [--down] [--check | --dry-run | --status]
mediakeep-schema verify --database <module> [--json | --fix-plan] [--junit <file>] [--owners] [--grants]
mediakeep-schema lint --database <module>
Exit codes: 0 all is well, 1 the database has drifted or a migration failed, 2 could not run`

/** The same tasks without Nx, for scripts that distinguish drift (1) from a database that does not answer (2). */
export async function main(args: readonly string[], root: string = process.cwd()): Promise<ExitCode> {
  const command = readCommand(args)
  if (!command) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  try {
    if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
    const project = await loadDatabaseProject(root, command.database)
    if (command.task === 'lint') return await lintTask(project, print)
    const target = await openTarget(root, process.env, (line) => process.stderr.write(`${line}\n`))
    try {
      return await runTask(command, project, target.url)
    } finally {
      await target.close()
    }
  } catch (error) {
    const { message, code } = error as Error & { code?: unknown }
    process.stderr.write(`${message}\n`)
    return typeof code === 'string' && /migration/.test(code) ? 1 : 2
  }
}

function runTask(command: Command, project: DatabaseProject, url: string): Promise<ExitCode> {
  const { task, to, down, status, check, json, junit, owners, grants } = command
  const target = to === undefined ? {} : { to }
  if (task === 'migrate') {
    return migrateTask(project, url, { dryRun: command['dry-run'], check, status, down, ...target }, print)
  }
  const report = junit === undefined ? {} : { junit }
  return verifyTask(project, url, { json, fixPlan: command['fix-plan'], owners, grants, ...report }, print)
}

type Command = NonNullable<ReturnType<typeof readCommand>>

const TASKS = ['migrate', 'verify', 'lint'] as const

function readCommand(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const
  const text = { type: 'string' } as const
  const options = {
    ...{ database: text, to: text, down: flag, 'dry-run': flag, check: flag, status: flag },
    ...{ json: flag, 'fix-plan': flag, junit: text, owners: flag, grants: flag },
  } as const
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const task = TASKS.find((name) => name === positionals[0])
    const { database } = values
    if (!task || !database || positionals.length > 1) return undefined
    return { ...values, task, database }
  } catch {
    return undefined
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
