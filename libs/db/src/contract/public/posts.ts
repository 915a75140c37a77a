// Written by the generator "verification" from the migrations. Change the migrations, then run it again.
import type { TableContract } from '@mediakeep/schema-verify'

export const posts: TableContract = {
  table: 'public.posts',
  columns: {
    post_id: 'text not null',
    urn: 'text not null',
    full_urn: 'text',
    platform: "text default 'linkedin'::text",
    posted_at_timestamp: 'bigint not null',
    author_username: 'text',
    text_content: 'text',
    post_type: 'text',
    url: 'text',
    raw_json: 'text',
    first_seen_at: 'timestamp with time zone',
    is_read: 'boolean default false',
    is_marked: 'boolean default false',
    created_at: 'timestamp with time zone default now()',
    updated_at: 'timestamp with time zone default now()',
    source_id: 'text',
    identified_at: 'timestamp with time zone',
    author_name: 'text',
    author_id: 'text',
    language: 'text',
    post_links: 'jsonb',
    findings: 'jsonb',
  },
  unnamedConstraints: ['PRIMARY KEY (post_id)', 'UNIQUE (urn)'],
  indexes: {
    idx_posts_author: 'btree (author_username)',
    idx_posts_first_seen: 'btree (first_seen_at)',
    idx_posts_is_marked: 'btree (is_marked)',
    idx_posts_is_read: 'btree (is_read)',
    idx_posts_platform: 'btree (platform)',
    idx_posts_posted_at: 'btree (posted_at_timestamp)',
    idx_posts_urn: 'btree (urn)',
    posts_author_prefix_idx: 'btree (lower(author_username) text_pattern_ops)',
    posts_full_urn_idx: 'btree (full_urn) WHERE (full_urn IS NOT NULL)',
    posts_posted_millis_idx: `btree ((
CASE
    WHEN ((platform = ANY (ARRAY['youtube'::text, 'substack'::text])) AND (posted_at_timestamp > '-100000000000'::bigint) AND (posted_at_timestamp < '100000000000'::bigint)) THEN (posted_at_timestamp * 1000)
    ELSE posted_at_timestamp
END), post_id)`,
    posts_source_id_idx:
      "unique btree (source_id, COALESCE(platform, 'linkedin'::text)) WHERE (source_id IS NOT NULL)",
    posts_text_search_idx:
      "gin (to_tsvector('simple'::regconfig, \"left\"(COALESCE(text_content, ''::text), 100000)))",
    posts_unidentified_idx: 'btree (post_id) WHERE ((identified_at IS NULL) AND (raw_json IS NOT NULL))',
  },
}
