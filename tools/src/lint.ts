import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readMigrations, type Migration } from '@mediakeep/migrations'
import { compareSchema, type Check, type SchemaContract } from '@mediakeep/schema-verify'
import { contractOfMigrations } from './catalogue.ts'
import { loadContract, type DatabaseProject } from './database-project.ts'
import type { ExitCode, Print } from './tasks.ts'

/**
 * Lints migrations with squawk, and checks that the contract matches
 * them: every object they create is in it, and every object in it is created by them.
 */
export async function lintTask(project: DatabaseProject, print: Print): Promise<ExitCode> {
  const files = await readMigrations(project.migrations.folder)
  const isQuiet = [await squawk(project, files, true, print), await squawk(project, files, false, print)]
  const strays = await findStrays(project)
  for (const stray of strays) print(stray)
  const isClean = isQuiet.every(Boolean) && strays.length === 0
  print(
    isClean
      ? `${files.length} migrations: nothing to complain of, and the contract says what they make`
      : 'After a change of migrations: nx g @mediakeep/tools:verification',
  )
  return isClean ? 0 : 1
}

/** Lists the differences between contract and migrations, one per line. */
async function findStrays(project: DatabaseProject): Promise<string[]> {
  const contract = await loadContract(project)
  if (!contract) return [`${project.contractFolder}: no contract was generated yet`]
  const { contract: made, catalog, unsayable } = await contractOfMigrations(project)
  const missing = linesOf(made).filter((line) => !new Set(linesOf(contract)).has(line))
  // Anything the migrations create beyond the contract is already in `missing`.
  const wrong = compareSchema(contract, catalog).filter(({ ok, expected }) => !ok && expected !== 'none')
  return [
    ...missing.map((line) => `the migrations make it, but the contract does not have it: ${line}`),
    ...wrong.map(
      ({ object, expected }: Check) =>
        `the contract has it, but the migrations do not make it: ${object}: ${expected}`,
    ),
    ...unsayable.map(
      (object) => `a contract cannot describe it, so verification would not see it drift: ${object}`,
    ),
  ]
}

/** Lists each object and property of a contract on its own line. */
function linesOf(contract: SchemaContract): string[] {
  const walk = (value: unknown, path: readonly string[]): string[] => {
    if (typeof value === 'string') return [`${path.join(' ')}: ${value}`]
    if (Array.isArray(value)) {
      return value.flatMap((item: unknown) =>
        walk(item, [...path, (item as { table?: string }).table ?? ''].filter(Boolean)),
      )
    }
    return Object.entries(value as object).flatMap(([key, item]) => walk(item, [...path, key]))
  }
  return walk({ ...contract, invariants: [] }, [])
}

/** The runner sets a lock timeout itself, and no statement timeout, because building an index may take very long. */
const KEPT = ['require-lock-timeout', 'require-statement-timeout']

/** Prints squawk's findings. @returns true if there are none */
async function squawk(
  { migrations: { folder }, lintExcludes: excludes = [] }: DatabaseProject,
  migrations: readonly Migration[],
  transactional: boolean,
  print: Print,
): Promise<boolean> {
  const files = migrations
    .filter(({ up }) => up.transactional === transactional)
    .map(({ name }) => join(folder, `${name}.sql`))
  if (files.length === 0) return true
  const args = [
    join(dirname(createRequire(import.meta.url).resolve('squawk-cli/package.json')), 'js/bin/squawk'),
    ...['--reporter', 'gcc', '--pg-version', '15.0', '--exclude', [...KEPT, ...excludes].join(',')],
    ...(transactional ? ['--assume-in-transaction'] : []),
    ...files,
  ]
  const { code, output } = await runNode(args)
  if (code !== 0) for (const line of output.trimEnd().split('\n')) print(line)
  return code === 0
}

function runNode(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stdout.on('data', (text: Buffer) => (output += text.toString()))
    child.stderr.on('data', (text: Buffer) => (output += text.toString()))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
