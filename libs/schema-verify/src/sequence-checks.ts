import type { Invariant, SchemaContract } from './contract.ts'
import { identifier, literal, parseDeclaration, qualified } from './ddl.ts'

/**
 * Returns a rule for each sequence that fills a column: its next value must be above every value in the column. A
 * restored or hand-filled table leaves its sequence behind, and the next insert fails with a duplicate key.
 */
export function sequenceInvariants(contract: SchemaContract): Invariant[] {
  return Object.entries(contract.sequences ?? {}).flatMap(([name, definition]) =>
    columnsOf(contract, name, definition).map(({ table, column }) => {
      const isDescending = / increment -/.test(definition)
      const [edge, beyond, step] = isDescending ? ['min', '<', '+'] : ['max', '>', '-']
      const edgeValue = `SELECT ${edge}(${identifier(column)}) AS edge FROM ${qualified(table)}`
      return {
        name: `sequence ${name} behind its data in ${table}.${column}`,
        violations: `SELECT FROM ${qualified(name)} s, (${edgeValue}) d
          WHERE d.edge ${beyond} CASE WHEN s.is_called THEN s.last_value ELSE s.last_value ${step} 1 END`,
        severity: 'error' as const,
        mend: `SELECT setval(${literal(qualified(name))}, (${edgeValue}))`,
      }
    }),
  )
}

interface Column {
  readonly table: string
  readonly column: string
}

/** Returns the column that owns the sequence, and the columns whose default is its next value. */
function columnsOf({ tables }: SchemaContract, sequence: string, definition: string): Column[] {
  const [, owner] = / owned by (.+)$/.exec(definition) ?? []
  return tables.flatMap(({ table, columns = {} }) =>
    Object.entries(columns)
      .filter(([column, declaration]) => {
        const isDefault =
          parseDeclaration(declaration).value === `default nextval(${literal(qualified(sequence))}::regclass)`
        return isDefault || owner === `${table}.${column}`
      })
      .map(([column]) => ({ table, column })),
  )
}
