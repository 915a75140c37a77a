import type { Sql } from '@mediakeep/sql'

export interface AllowedChanges {
  /** Name with its schema. */
  readonly table: string
  readonly column: string
  /** For each value, the values it may change to. */
  readonly changes: Readonly<Record<string, readonly string[]>>
}

/** Makes a test database reject every other change of a column, from any statement. */
export async function allowOnlyChanges(
  sql: Pick<Sql, 'query'>,
  { table, column, changes }: AllowedChanges,
): Promise<void> {
  const pairs = Object.entries(changes).flatMap(([from, tos]) => tos.map((to) => `'${from}>${to}'`))
  await sql.query(
    `CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       RAISE EXCEPTION 'no % may change like this: % -> %', TG_ARGV[0], to_jsonb(OLD) ->> TG_ARGV[0],
         to_jsonb(NEW) ->> TG_ARGV[0];
     END $$`,
  )
  await sql.query(
    `CREATE TRIGGER refuse_${column}_change BEFORE UPDATE ON ${table} FOR EACH ROW
     WHEN (OLD.${column} IS DISTINCT FROM NEW.${column}
       AND (coalesce(OLD.${column}, 'null') || '>' || NEW.${column} = ANY (ARRAY[${pairs.join(', ')}])) IS NOT TRUE)
     EXECUTE FUNCTION public.refuse_change('${column}')`,
  )
}
