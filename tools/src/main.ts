import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadDatabaseModule } from './database-module.ts'
import { openTarget } from './open-target.ts'
import { migrateTask, verifyTask, type ExitCode } from './tasks.ts'

const USAGE = `mediakeep-schema migrate --database <module> [--dry-run | --status]
mediakeep-schema verify --database <module> [--json]
Exit codes: 0 all is well, 1 the database has drifted or a migration failed, 2 could not run`

/** The same tasks without Nx, for scripts that tell drift (1) from a database that does not answer (2). */
export async function main(args: readonly string[], root: string = process.cwd()): Promise<ExitCode> {
  const command = readCommand(args)
  if (!command) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const { task, database, 'dry-run': dryRun, status, json } = command
  try {
    if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'))
    const loaded = await loadDatabaseModule(root, database)
    const target = await openTarget(root, process.env, (line) => process.stderr.write(`${line}\n`))
    try {
      return task === 'migrate'
        ? await migrateTask(loaded, target.url, { dryRun, status }, print)
        : await verifyTask(loaded, target.url, { json }, print)
    } finally {
      await target.close()
    }
  } catch (error) {
    const { message, code } = error as Error & { code?: unknown }
    process.stderr.write(`${message}\n`)
    return typeof code === 'string' && /migration/.test(code) ? 1 : 2
  }
}

interface Command {
  readonly task: 'migrate' | 'verify'
  readonly database: string
  readonly 'dry-run': boolean
  readonly status: boolean
  readonly json: boolean
}

function readCommand(args: readonly string[]): Command | undefined {
  try {
    const flag = { type: 'boolean', default: false } as const
    const options = { database: { type: 'string' }, 'dry-run': flag, status: flag, json: flag } as const
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
    const [task, ...rest] = positionals
    const { database } = values
    if ((task !== 'migrate' && task !== 'verify') || !database || rest.length > 0) return undefined
    return { ...values, task, database }
  } catch {
    return undefined
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
