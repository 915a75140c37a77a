// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const rejectedPosts: TableContract = {
  table: 'mediakeep.rejected_posts',
  comment: 'Posts that an import could not take, each with its index, JSON pointer and reason',
  columns: {
    run_id: 'text not null',
    file: 'text not null',
    post_index: 'bigint not null',
    pointer: 'text not null',
    code: 'text not null',
    reason: 'text not null',
    excerpt: 'text',
    created_at: 'timestamp with time zone not null default now()',
  },
  constraints: {
    rejected_posts_pkey: 'PRIMARY KEY (run_id, file, post_index)',
    rejected_posts_run_id_fkey:
      'FOREIGN KEY (run_id) REFERENCES mediakeep.import_runs(run_id) ON DELETE CASCADE',
  },
}
