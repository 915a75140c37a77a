import type { ExecutorContext } from '@nx/devkit'
import { loadDatabaseProject, type DatabaseProject } from './database-project.ts'
import { lintTask } from './lint.ts'
import { openTarget } from './open-target.ts'
import { migrateTask, verifyTask, type ExitCode, type MigrateOptions, type VerifyOptions } from './tasks.ts'

interface DatabaseOption {
  /** Module path, relative to the workspace root. */
  readonly database: string
}
interface Outcome {
  readonly success: boolean
}
type Context = Pick<ExecutorContext, 'root'>

/** `nx run <project>:migrate` */
export async function migrateExecutor(
  options: MigrateOptions & DatabaseOption,
  context: Context,
): Promise<Outcome> {
  return run(options, context.root, (project, url) => migrateTask(project, url, options, print))
}

/** `nx run <project>:verify` */
export async function verifyExecutor(
  options: VerifyOptions & DatabaseOption,
  context: Context,
): Promise<Outcome> {
  return run(options, context.root, (project, url) => verifyTask(project, url, options, print))
}

/** `nx run <project>:lint-migrations` */
export async function lintExecutor({ database }: DatabaseOption, { root }: Context): Promise<Outcome> {
  return { success: (await lintTask(await loadDatabaseProject(root, database), print)) === 0 }
}

async function run(
  { database }: DatabaseOption,
  root: string,
  task: (project: DatabaseProject, url: string) => Promise<ExitCode>,
): Promise<Outcome> {
  const project = await loadDatabaseProject(root, database)
  const target = await openTarget(root, process.env, (line) => process.stderr.write(`${line}\n`))
  try {
    return { success: (await task(project, target.url)) === 0 }
  } finally {
    await target.close()
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
