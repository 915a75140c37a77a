import type { TypedStatement } from './type-statement.ts'

/** Prints the module of one `.sql` file. */
export function printModule(fileName: string, statements: readonly TypedStatement[]): string {
  const isUsed = statements.some(({ problem }) => problem === undefined)
  return [
    `// Generated from ${fileName} by "npm run sql". Do not edit.`,
    ...(isUsed ? [`import { statement } from '@mediakeep/sql'`] : []),
    ...statements.map((one) => `\n${printStatement(one)}`),
    '',
  ].join('\n')
}

function printStatement(one: TypedStatement): string {
  const comment = one.comment.length === 0 ? [] : ['/**', ...one.comment.map((line) => ` * ${line}`), ' */']
  // Not callable: every use of a statement that PostgreSQL rejects fails the type check, with the reason.
  const code =
    one.problem === undefined
      ? `export const ${one.name} = statement<\n  [${one.values}],\n  { ${one.row} }\n>(\`\n${escape(one.text)}\`)`
      : `export declare const ${one.name}: { readonly rejected: ${JSON.stringify(one.problem)} }`
  return [...comment, code.replace('{  }', 'object')].join('\n')
}

function escape(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&')
}
