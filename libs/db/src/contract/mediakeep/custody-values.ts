// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const custodyValues: TableContract = {
  table: 'mediakeep.custody_values',
  comment:
    'Texts that entries commit to. Erasing a row leaves the chain valid and the commitment meaningless',
  columns: {
    number: 'bigint not null',
    name: 'text not null',
    salt: 'bytea not null',
    value: 'text not null',
  },
  constraints: {
    custody_values_pkey: 'PRIMARY KEY (number, name)',
  },
}
