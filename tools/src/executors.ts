import type { ExecutorContext } from '@nx/devkit'
import { loadDatabaseModule, type DatabaseModule } from './database-module.ts'
import { openTarget } from './open-target.ts'
import { migrateTask, verifyTask, type ExitCode, type MigrateOptions } from './tasks.ts'

interface DatabaseOption {
  /** Module, from the workspace root. */
  readonly database: string
}

/** `nx run <project>:migrate` */
export async function migrateExecutor(
  options: MigrateOptions & DatabaseOption,
  context: Pick<ExecutorContext, 'root'>,
): Promise<{ success: boolean }> {
  return run(options, context.root, (database, url) => migrateTask(database, url, options, print))
}

/** `nx run <project>:verify` */
export async function verifyExecutor(
  options: { readonly json?: boolean } & DatabaseOption,
  context: Pick<ExecutorContext, 'root'>,
): Promise<{ success: boolean }> {
  return run(options, context.root, (database, url) => verifyTask(database, url, options, print))
}

async function run(
  { database }: DatabaseOption,
  root: string,
  task: (database: DatabaseModule, url: string) => Promise<ExitCode>,
): Promise<{ success: boolean }> {
  const loaded = await loadDatabaseModule(root, database)
  const target = await openTarget(root, process.env, (line) => process.stderr.write(`${line}\n`))
  try {
    return { success: (await task(loaded, target.url)) === 0 }
  } finally {
    await target.close()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
