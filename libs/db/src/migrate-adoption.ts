import type { AdoptedObject, AdoptionRule } from '@mediakeep/migrations'

const TABLES = ['posts', 'download_runs', 'data_downloads', 'post_media']
const TABLE = 'public.post_media'
const STATUS = 'ai_analysis_status'

/** Rules for the given migrations: other installations already have their tables, created by another tool. */
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
    completes: true,
    objects: [
      ...['md5_sum', 'archive_url', 'ai_analysis_log'].map(column),
      defaultStatus(),
      constraint('post_media_ai_analysis_status_check'),
      ...['idx_media_md5_sum', 'idx_media_archive_url', 'idx_media_ai_status_created'].map(index),
      commentOn(`table ${TABLE}`, `obj_description(to_regclass('${TABLE}'), 'pg_class')`),
      ...['md5_sum', 'archive_url', 'ai_analysis_log', STATUS].map(columnComment),
    ],
  },
]

function column(name: string): AdoptedObject {
  return {
    object: `column ${TABLE}.${name}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_attribute WHERE ${isColumn(name)})`,
  }
}

function defaultStatus(): AdoptedObject {
  return {
    object: `default of ${TABLE}.${STATUS}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
      WHERE ${isColumn(STATUS)} AND pg_get_expr(adbin, adrelid) LIKE '''not_started''%')`,
  }
}

function constraint(name: string): AdoptedObject {
  return {
    object: `constraint ${name}`,
    isPresent: `SELECT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('${TABLE}') AND conname = '${name}')`,
  }
}

function index(name: string): AdoptedObject {
  return { object: `index ${name}`, isPresent: `SELECT to_regclass('public.${name}') IS NOT NULL` }
}

function columnComment(name: string): AdoptedObject {
  const actual = `(SELECT col_description(attrelid, attnum) FROM pg_attribute WHERE ${isColumn(name)})`
  return commentOn(`column ${TABLE}.${name}`, actual)
}

/** Accepts any text; verification reports a different one. */
function commentOn(object: string, actual: string): AdoptedObject {
  return { object: `comment on ${object}`, isPresent: `SELECT ${actual} IS NOT NULL` }
}

function isColumn(name: string): string {
  return `attrelid = to_regclass('${TABLE}') AND attname = '${name}' AND NOT attisdropped`
}
