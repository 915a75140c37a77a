import type { AdoptedObject, AdoptionRule } from '@mediakeep/migrations'
import { indexDefinition } from '@mediakeep/schema-verify'
import { mediaTracking } from './contract-post-media.ts'

const TABLES = ['posts', 'download_runs', 'data_downloads', 'post_media']
const STATUS = 'ai_analysis_status'
const { table, columns = {}, comments = {}, constraints = {}, indexes = {}, comment = '' } = mediaTracking

/** The given migrations: other installations hold their tables already, applied by other hands. */
export const adoptionRules: readonly AdoptionRule[] = [
  {
    migration: '20251130223349_create_schema',
    objects: TABLES.map((name) => ({
      object: `table ${name}`,
      isPresent: `SELECT to_regclass('public.${name}') IS NOT NULL`,
    })),
  },
  {
    migration: '20251201123623_add_media_tracking_columns',
    objects: [
      ...Object.entries(columns).flatMap(([name, declaration]) =>
        name === STATUS ? [] : [column(name, declaration)],
      ),
      defaultStatus(),
      ...Object.entries(constraints).map(([name, definition]) => constraint(name, definition)),
      ...Object.entries(indexes).map(([name, definition]) => index(name, definition)),
      commentOn('table', table, comment, `obj_description(to_regclass('${table}'), 'pg_class')`),
      ...Object.entries(comments).map(([name, text]) => columnComment(name, text)),
    ],
  },
]

function column(name: string, declaration: string): AdoptedObject {
  return {
    object: `column ${table}.${name}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_attribute WHERE ${isColumn(name)})`,
    create: `ALTER TABLE ${table} ADD COLUMN ${name} ${declaration}`,
  }
}

function defaultStatus(): AdoptedObject {
  return {
    object: `default of ${table}.${STATUS}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
      WHERE ${isColumn(STATUS)} AND pg_get_expr(adbin, adrelid) LIKE '''not_started''%')`,
    create: `ALTER TABLE ${table} ALTER COLUMN ${STATUS} SET DEFAULT 'not_started'`,
  }
}

function constraint(name: string, definition: string): AdoptedObject {
  return {
    object: `constraint ${name}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('${table}') AND conname = '${name}')`,
    create: `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`,
  }
}

function index(name: string, definition: string): AdoptedObject {
  return {
    object: `index ${name}`,
    isPresent: `SELECT to_regclass('public.${name}') IS NOT NULL`,
    create: indexDefinition(table, name, definition),
  }
}

function columnComment(name: string, text: string): AdoptedObject {
  const actual = `(SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE ${isColumn(name)})`
  return commentOn('column', `${table}.${name}`, text, actual)
}

function commentOn(kind: string, name: string, text: string, actual: string): AdoptedObject {
  return {
    object: `comment on ${kind} ${name}`,
    isPresent: `SELECT ${actual} IS NOT DISTINCT FROM '${text}'`,
    create: `COMMENT ON ${kind.toUpperCase()} ${name} IS '${text}'`,
  }
}

function isColumn(name: string): string {
  return `attrelid = to_regclass('${table}') AND attname = '${name}' AND NOT attisdropped`
}
