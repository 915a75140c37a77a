// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const migrations: TableContract = {
  table: 'mediakeep.migrations',
  columns: {
    id: "integer not null default nextval('mediakeep.migrations_id_seq'::regclass)",
    name: 'character varying(255) not null',
    run_on: 'timestamp without time zone not null',
    checksum: "text default NULLIF(current_setting('migrations.checksum'::text, true), ''::text)",
    note: 'text',
  },
  constraints: {
    migrations_pkey: 'PRIMARY KEY (id)',
  },
}
