import type { TableContract } from './contract.ts'
import { createIndex, createTrigger, identifier, qualified, schemaOf } from './ddl.ts'
import { mutation, ofComment, type Mutation } from './mutation.ts'

export function ofConstraints({
  table,
  constraints = {},
  unnamedConstraints = [],
}: TableContract): Mutation[] {
  const named = Object.entries(constraints).flatMap(([name, definition]) => {
    const object = `constraint ${name} on ${table}`
    const rename = `ALTER TABLE ${qualified(table)} RENAME CONSTRAINT ${identifier(name)} TO drifted`
    return [
      ...ofConstraint(object, table, definition, `conname = '${name}'`),
      mutation(object, 'constraint name', rename),
    ]
  })
  const unnamed = unnamedConstraints.flatMap((definition) =>
    ofConstraint(
      `constraint ${definition} on ${table}`,
      table,
      definition,
      `pg_get_constraintdef(oid) = '${definition.replaceAll("'", "''")}'`,
    ),
  )
  return [...named, ...unnamed]
}

function ofConstraint(object: string, table: string, definition: string, which: string): Mutation[] {
  const where = `conrelid = '${qualified(table)}'::regclass AND ${which}`
  const drop = (then: string): string =>
    `DO $do$ DECLARE k text; BEGIN
      SELECT quote_ident(conname) INTO STRICT k FROM pg_constraint WHERE ${where};
      EXECUTE 'ALTER TABLE ${qualified(table)} DROP CONSTRAINT ' || k || ' CASCADE';
      ${then === '' ? '' : `EXECUTE 'ALTER TABLE ${qualified(table)} ADD CONSTRAINT ' || k || $add$ ${then} $add$;`}
    END $do$`
  const changes = [
    mutation(object, 'constraint', drop('')),
    mutation(object, 'constraint deferral', drop(`UNIQUE (${firstColumn(definition)}) DEFERRABLE`)),
  ]
  if (definition.startsWith('CHECK')) {
    return [
      changes[0]!,
      mutation(object, 'check expression', drop('CHECK (true)')),
      mutation(
        object,
        'check expression',
        drop(definition.replace(/^CHECK \((.*)\)$/s, 'CHECK ($1 OR false)')),
      ),
      mutation(object, 'check validity', `UPDATE pg_constraint SET convalidated = false WHERE ${where}`),
    ]
  }
  if (definition.startsWith('FOREIGN KEY')) {
    const action = definition.includes('ON DELETE')
      ? definition.replace(/ ON DELETE [A-Z ]+/, '')
      : `${definition} ON DELETE CASCADE`
    return [
      changes[0]!,
      mutation(object, 'reference action', drop(action)),
      mutation(object, 'reference validity', `UPDATE pg_constraint SET convalidated = false WHERE ${where}`),
      mutation(object, 'reference enforcement', `ALTER TABLE ${qualified(table)} DISABLE TRIGGER ALL`),
    ]
  }
  const invalid = `UPDATE pg_index SET indisvalid = false WHERE indexrelid = (SELECT conindid FROM pg_constraint WHERE ${where})`
  return [...changes, mutation(object, 'key validity', invalid)]
}

/** `PRIMARY KEY (a, b)`: `a` */
const firstColumn = (definition: string): string => /\(("[^"]+"|[^,)]+)/.exec(definition)?.[1] ?? 'ctid'

export function ofIndexes({ table, indexes = {}, partitionBy }: TableContract): Mutation[] {
  return Object.entries(indexes).flatMap(([name, short]) => {
    const object = `index ${schemaOf(table)}.${name}`
    const index = `${identifier(schemaOf(table))}.${identifier(name)}`
    const again = (changed: string): string => `DROP INDEX ${index}; ${createIndex(table, name, changed)}`
    const row = `WHERE indexrelid = '${index}'::regclass`
    const [, head = '', columns = '', tail = ''] =
      /^((?:unique )?\w+ )\((.*?)\)((?: (?:INCLUDE|NULLS|WITH|WHERE)\b.*)?)$/s.exec(short) ?? []
    const isPlain = /^[\w, "]+$/.test(columns) && head.includes('btree')
    return [
      mutation(object, 'index', `DROP INDEX ${index}`),
      mutation(object, 'index name', `ALTER INDEX ${index} RENAME TO drifted`),
      mutation(object, 'index validity', `UPDATE pg_index SET indisvalid = false ${row}`),
      mutation(object, 'index readiness', `UPDATE pg_index SET indisready = false ${row}`),
      // A unique index on a partitioned table must include the partition key.
      ...(partitionBy === undefined
        ? [
            mutation(
              object,
              'index uniqueness',
              again(
                short.startsWith('unique ')
                  ? short.slice(7)
                  : `unique btree (${columns.replaceAll(/ \S+_ops\b/g, '')})${tail}`.replace(
                      'unique btree',
                      head.includes('btree') ? 'unique btree' : 'btree',
                    ),
              ),
            ),
          ]
        : []),
      mutation(
        object,
        'index predicate',
        again(/ WHERE /.test(short) ? short.replace(/ WHERE .*$/s, '') : `${short} WHERE (1 = 1)`),
      ),
      mutation(
        object,
        'index predicate',
        again(/ WHERE /.test(short) ? `${short} AND (2 > 1)` : `${short} WHERE (2 > 1)`),
      ),
      ...(isPlain
        ? [
            mutation(object, 'index order', again(`${head}(${columns} DESC)${tail}`)),
            mutation(
              object,
              'index columns',
              again(`${head}(${columns}, ${columns.split(', ')[0]!})${tail}`),
            ),
            mutation(
              object,
              'index method',
              again(
                `${head.replace('unique ', '').replace('btree', columns.includes(',') ? 'brin' : 'hash')}(${columns.replaceAll(/ (DESC|ASC|NULLS FIRST|NULLS LAST)/g, '')})${tail}`,
              ),
            ),
          ]
        : [
            mutation(
              object,
              'index parameters',
              again(
                short.replace(
                  /^(.*?)( WHERE .*)?$/s,
                  `$1 WITH (${head.includes('gin') ? 'fastupdate=off' : 'fillfactor=50'})$2`,
                ),
              ),
            ),
          ]),
    ]
  })
}

export function ofTriggers({ table, triggers = {} }: TableContract): Mutation[] {
  return Object.entries(triggers).flatMap(([name, definition]) => {
    const object = `trigger ${name} on ${table}`
    const on = `${identifier(name)} ON ${qualified(table)}`
    const other = definition.replace(/\b(BEFORE|AFTER)\b/, (word) => (word === 'AFTER' ? 'BEFORE' : 'AFTER'))
    return [
      mutation(object, 'trigger', `DROP TRIGGER ${on}`),
      mutation(object, 'trigger name', `ALTER TRIGGER ${on} RENAME TO drifted`),
      mutation(
        object,
        'trigger state',
        `ALTER TABLE ${qualified(table)} DISABLE TRIGGER ${identifier(name)}`,
      ),
      mutation(
        object,
        'trigger state',
        `ALTER TABLE ${qualified(table)} ENABLE REPLICA TRIGGER ${identifier(name)}`,
      ),
      mutation(
        object,
        'trigger time',
        `DROP TRIGGER ${on}; ${createTrigger(name, other.replace(/ REFERENCING .*?(?= FOR )/s, ''))}`,
      ),
    ]
  })
}

export function ofOtherComments({ table, otherComments = {} }: TableContract): Mutation[] {
  return Object.keys(otherComments).flatMap((key) => {
    const [kind = '', name = ''] = key.split(/ (.*)/s)
    if (kind === 'statistics') return ofComment(key, `STATISTICS ${qualified(name)}`)
    return kind === 'index'
      ? ofComment(`index ${schemaOf(table)}.${name}`, `INDEX ${qualified(`${schemaOf(table)}.${name}`)}`)
      : ofComment(
          `${kind} ${name} on ${table}`,
          `${kind.toUpperCase()} ${identifier(name)} ON ${qualified(table)}`,
        )
  })
}
