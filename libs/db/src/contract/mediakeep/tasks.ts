// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const tasks: TableContract = {
  table: 'mediakeep.tasks',
  comment: 'Periodic work: when it is next due, who does it, how it last ended',
  columns: {
    name: 'text not null',
    task_attempts: 'integer not null default 0',
    task_not_before: 'timestamp with time zone not null default now()',
    task_lease_token: 'uuid',
    task_lease_expires_at: 'timestamp with time zone',
    last_started_at: 'timestamp with time zone',
    last_finished_at: 'timestamp with time zone',
    last_result: 'jsonb',
    last_error: 'text',
    task_deaths: 'integer not null default 0',
  },
  constraints: {
    tasks_pkey: 'PRIMARY KEY (name)',
  },
}
