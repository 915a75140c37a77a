// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const downloadHosts: TableContract = {
  table: 'mediakeep.download_hosts',
  comment: 'Hosts that asked us to wait (429, 503), and until when',
  columns: {
    host: 'text not null',
    not_before: 'timestamp with time zone not null',
    reason: 'text not null',
    updated_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    download_hosts_pkey: 'PRIMARY KEY (host)',
  },
}
