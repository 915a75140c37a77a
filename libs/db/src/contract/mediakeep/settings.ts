// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const settings: TableContract = {
  table: 'mediakeep.settings',
  comment: 'What all processes share and no environment gave: the generated signing secret',
  columns: {
    name: 'text not null',
    value: 'jsonb not null',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    settings_pkey: 'PRIMARY KEY (name)',
  },
}
