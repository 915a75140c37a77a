import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readMigrations, type Migration } from '@mediakeep/migrations'
import { compareSchema, type Check, type SchemaContract } from '@mediakeep/schema-verify'
import { contractOfMigrations } from './catalogue.ts'
import { loadContract, type DatabaseProject } from './database-project.ts'
import type { ExitCode, Print } from './tasks.ts'

/**
 * Lints migrations with squawk, and asks that the contract is what
 * they make: each object they make has its line there, and each line its object.
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

/** Where contract and migrations differ, a line each. */
async function findStrays(project: DatabaseProject): Promise<string[]> {
  const contract = await loadContract(project)
  if (!contract) return [`${project.contractFolder}: no contract was generated yet`]
  const { contract: made, catalog, unsayable } = await contractOfMigrations(project)
  const missing = linesOf(made).filter((line) => !new Set(linesOf(contract)).has(line))
  // What the migrations make in addition is in `missing` already.
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

/** Each object and property of a contract as a line of its own. */
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

/** The runner sets a lock timeout itself, and none for statements: building an index takes as long as it takes. */
const KEPT = ['require-lock-timeout', 'require-statement-timeout']

/** @returns whether it had nothing to say; it says it itself */
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
