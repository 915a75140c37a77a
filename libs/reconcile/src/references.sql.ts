// Generated from references.sql by "npm run sql". Do not edit.
import { statement } from '@mediakeep/sql'

export const selectHidden = statement<
  [tables: readonly (string | null | undefined)[] | null | undefined],
  { name: string }
>(`
SELECT name FROM unnest($1::text[]) name WHERE row_security_active(name::regclass)`)

export const selectOid = statement<
  [table: string | null | undefined],
  { oid: string }
>(`
SELECT $1::regclass::oid::text AS oid`)

export const selectRole = statement<
  [],
  { role: string }
>(`
SELECT quote_ident(current_user) AS role`)
