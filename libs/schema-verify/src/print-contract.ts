import type { SchemaContract, TableContract } from './contract.ts'

export interface PrintOptions {
  /** The module to import the types from. */
  readonly typesFrom?: string
}

const HEAD =
  '// Written by the generator "verification" from the migrations. Change the migrations, then run it again.\n'

/**
 * Prints the contract as TypeScript modules, by path: one per table, `<schema>/<table>.ts`, and `schema.ts`, which
 * exports the whole contract as `schema`. The same contract always gives the same text.
 */
export function printContract(
  contract: SchemaContract,
  { typesFrom = '@mediakeep/schema-verify' }: PrintOptions = {},
): Map<string, string> {
  const files = new Map<string, string>()
  const names = new Map<string, string>()
  for (const table of contract.tables) {
    const path = pathOf(table.table)
    const name = uniqueName(table.table, contract.tables)
    names.set(path, name)
    files.set(path, printTable(table, name, typesFrom))
  }
  files.set('schema.ts', printSchema(contract, names, typesFrom))
  return files
}

function printTable(table: TableContract, name: string, typesFrom: string): string {
  return (
    `${HEAD}import type { TableContract } from ${quote(typesFrom)}\n\n` +
    `export const ${name}: TableContract = ${print(table)}\n`
  )
}

function printSchema(
  contract: SchemaContract,
  names: ReadonlyMap<string, string>,
  typesFrom: string,
): string {
  const imports = [...names].map(([path, name]) => `import { ${name} } from ${quote(`./${path}`)}\n`)
  const { schemas, extensions, enums, domains, types, functions, sequences, comments, owners, grants } =
    contract
  const parts = { schemas, extensions, enums, domains, types, functions, sequences, comments, owners, grants }
  const others = Object.entries(parts)
    .filter(([, part]) => Object.keys(part ?? {}).length > 0)
    .map(([key, part]) => `  ${key}: ${print(part, 1)},\n`)
  const tables = [...names.values()].map((name) => `    ${name},\n`).join('')
  return (
    `${HEAD}import type { SchemaContract } from ${quote(typesFrom)}\n${imports.join('')}\n` +
    `export const schema: SchemaContract = {\n  tables: [\n${tables}  ],\n${others.join('')}}\n`
  )
}

/** `mediakeep.import_runs`: `mediakeep/import-runs.ts` */
function pathOf(table: string): string {
  const [schema = '', ...name] = table.split('.')
  const kebab = (text: string): string => text.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase()
  return `${kebab(schema)}/${kebab(name.join('.'))}.ts`
}

/** `mediakeep.import_runs`: `importRuns`, with its schema if another schema has a table with that name. */
function uniqueName(table: string, all: readonly TableContract[]): string {
  const short = table.slice(table.indexOf('.') + 1)
  const isShared = all.some((other) => other.table !== table && other.table.endsWith(`.${short}`))
  const words = (isShared ? table : short).split(/[^A-Za-z0-9]+/).filter(Boolean)
  const name = words.map((word, at) => (at === 0 ? word.toLowerCase() : capital(word))).join('')
  return /^[a-z]/.test(name) ? name : `table${capital(name)}`
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`

function print(value: unknown, depth = 0): string {
  const indent = '  '.repeat(depth + 1)
  const end = '  '.repeat(depth)
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => `${indent}${print(item, depth + 1)},\n`).join('')}${end}]`
  }
  const lines = Object.entries(value as object).map(
    ([key, item]) =>
      `${indent}${/^[A-Za-z_]\w*$/.test(key) ? key : quote(key)}: ${print(item, depth + 1)},\n`,
  )
  return `{\n${lines.join('')}${end}}`
}

function quote(text: string): string {
  if (text.includes('\n')) return `\`${text.replaceAll(/[\\`]|\$\{/g, '\\$&')}\``
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${mark}${text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`)}${mark}`
}
