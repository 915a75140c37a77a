import type { Sql } from '@mediakeep/sql'
import type { Source } from '../../paging/read-page.ts'
import { textKind } from '../../paging/cursor.ts'
import type { Order } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { childMedia } from './child-media.ts'
import { readConnection } from '../builder/connection.ts'
import { Media, MediaConnection, MediaEdge } from './media.ts'
import { selectGroups } from './duplicate-group.sql.ts'

interface GroupRow {
  readonly sha256Sum: string
  readonly md5Sum: string
  readonly mimeType: string
  readonly byteSize: number
  readonly mediaCount: number
  readonly placeholderSuspectedAt: Date | null
  readonly rejectedAt: Date | null
  readonly rejectedReason: string | null
}

const DuplicateGroup = builder.objectRef<GroupRow>('DuplicateGroup')

builder.node(DuplicateGroup, {
  description: 'A content that one or several media show. Its bytes are stored once.',
  id: {
    description: 'The id of the group, for `node`.',
    resolve: ({ sha256Sum }) => `${ID_PREFIX}${sha256Sum}`,
  },
  loadManyWithoutCache: (ids, { db }) => groupsByIds(db, ids),
  fields: (t) => ({
    sha256Sum: t.exposeString('sha256Sum'),
    md5Sum: t.exposeString('md5Sum'),
    mimeType: t.exposeString('mimeType'),
    fileSize: t.expose('byteSize', { type: 'BigInt', description: 'The size of the file, in bytes.' }),
    mediaCount: t.exposeInt('mediaCount'),
    placeholderSuspectedAt: t.expose('placeholderSuspectedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When unrelated posts were seen to show this content. It may be a host\'s "expired" placeholder; a person should judge it.',
    }),
    rejectedAt: t.expose('rejectedAt', { type: 'DateTime', nullable: true }),
    rejectedReason: t.exposeString('rejectedReason', { nullable: true }),
    media: t.connection(
      {
        type: Media,
        resolve: ({ sha256Sum }, args, context, info) =>
          childMedia(
            { parent: { id: sha256Sum, value: sha256Sum }, args, context, info },
            'm.sha256_sum = parent.value',
          ),
      },
      MediaConnection,
      MediaEdge,
    ),
  }),
})

const ID_PREFIX = 'content-'

/** Returns groups in the order of the ids; null where the content does not exist or has no media. */
async function groupsByIds(sql: Sql, ids: readonly string[]): Promise<(GroupRow | null)[]> {
  const digests = ids.map((id) => id.slice(ID_PREFIX.length))
  const { rows } = await selectGroups(sql, [digests])
  const byDigest = new Map(rows.map((row) => [row.sha256Sum, row]))
  return digests.map((digest) => byDigest.get(digest) ?? null)
}

const columns = `c.sha256_sum AS "sha256Sum", c.md5_sum AS "md5Sum", c.mime_type AS "mimeType", c.byte_size AS "byteSize",
  g.media_count AS "mediaCount", c.placeholder_suspected_at AS "placeholderSuspectedAt", c.rejected_at AS "rejectedAt",
  c.rejected_reason AS "rejectedReason"`

// Counts in the order of an index on sha256_sum, so that reading stops when the page is full.
const duplicates: Source = {
  columns,
  from: `(SELECT m.sha256_sum, count(*) AS media_count FROM public.post_media m
    WHERE m.sha256_sum IS NOT NULL GROUP BY m.sha256_sum HAVING count(*) > 1) g
    JOIN mediakeep.contents c USING (sha256_sum)`,
  where: () => [],
}

const suspects: Source = {
  columns,
  from: `mediakeep.contents c CROSS JOIN LATERAL (SELECT c.sha256_sum, count(*) AS media_count
    FROM public.post_media m WHERE m.sha256_sum = c.sha256_sum) g`,
  where: () => ['c.placeholder_suspected_at IS NOT NULL'],
}

const groupOrder: Order = {
  name: 'SHA256',
  column: 'g.sha256_sum',
  kind: textKind,
  nullable: false,
  key: 'g.sha256_sum',
  keyKind: textKind,
  descending: false,
}

builder.queryField('duplicateGroups', (t) =>
  t.connection({
    type: DuplicateGroup,
    scope: 'read',
    args: {
      placeholderSuspected: t.arg.boolean({ description: 'Only those that may be placeholders.' }),
    },
    resolve: (_root, args, { db }) =>
      args.placeholderSuspected === true
        ? readConnection<GroupRow>(
            db,
            suspects,
            { ...groupOrder, column: 'c.sha256_sum', key: 'c.sha256_sum' },
            args,
          )
        : readConnection<GroupRow>(db, duplicates, groupOrder, args),
  }),
)
