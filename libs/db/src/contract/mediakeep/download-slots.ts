// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const downloadSlots: TableContract = {
  table: 'mediakeep.download_slots',
  comment: 'Permits to download from a host, leased; at most DOWNLOAD_CONCURRENCY a host',
  columns: {
    host: 'text not null',
    slot: 'integer not null',
    lease_token: 'uuid not null',
    lease_expires_at: 'timestamp with time zone not null',
  },
  constraints: {
    download_slots_pkey: 'PRIMARY KEY (host, slot)',
  },
}
