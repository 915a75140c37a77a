// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const analysisUsage: TableContract = {
  table: 'mediakeep.analysis_usage',
  comment: 'Tokens and money that analyses used, failed attempts included, by day of UTC',
  columns: {
    analyser: 'text not null',
    day: 'date not null',
    tokens_used: 'bigint not null default 0',
    cost_usd: 'double precision not null default 0',
  },
  constraints: {
    analysis_usage_pkey: 'PRIMARY KEY (analyser, day)',
  },
}
