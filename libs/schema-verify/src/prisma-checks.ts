import type { Catalog, CatalogObject } from './catalog.ts'
import { check, MISSING } from './check.ts'
import type { Check } from './contract.ts'
import { parseDeclaration } from './ddl.ts'
import type { PrismaField, PrismaModel } from './prisma-schema.ts'

/** Column types that the client reads as each scalar. https://www.prisma.io/docs/orm/core-concepts/supported-databases/postgresql */
const READABLE: Readonly<Record<string, RegExp>> = {
  String: /^(text|character varying|character|uuid|citext|xml|inet|bit)/,
  Boolean: /^boolean$/,
  Int: /^(integer|smallint)$/,
  BigInt: /^(bigint|integer|smallint)$/,
  Float: /^(double precision|real)$/,
  Decimal: /^(numeric|money)/,
  DateTime: /^(timestamp|date|time)/,
  Json: /^jsonb?$/,
  Bytes: /^bytea$/,
}

/**
 * Checks that the client generated from a Prisma schema can read the tables: each model's table and columns exist,
 * each type can be read as the field's type, and columns for required fields are not nullable.
 */
export function comparePrisma(models: readonly PrismaModel[], catalog: Catalog): Check[] {
  return models.flatMap((model) => {
    const table = catalog.tables.get(model.table)
    const there = check(`prisma model ${model.name}`, model.table, table ? model.table : undefined)
    if (!table) return [there]
    return [
      there,
      ...model.fields.map((field) => compareField(model, field, table.columns.get(field.column))),
    ]
  })
}

function compareField(model: PrismaModel, field: PrismaField, column: CatalogObject | undefined): Check {
  const shape = `${field.type}${field.isList ? '[]' : ''}${field.isRequired && !field.isList ? '' : '?'}`
  const expected = `${field.column}, readable as ${shape}`
  const object = `prisma field ${model.name}.${field.name}`
  if (!column) return check(object, expected, `${field.column} ${MISSING}`)
  const { type, isRequired } = parseDeclaration(column.definition)
  const isList = type.endsWith('[]')
  const readable = READABLE[field.type]
  const fits = readable === undefined || readable.test(type.replace(/\[\]$/, ''))
  const mayBeNull = !isRequired && field.isRequired && !field.isList
  const ok = fits && isList === field.isList && !mayBeNull
  return check(object, expected, ok ? expected : `${field.column} ${column.definition}`)
}
