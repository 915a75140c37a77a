import { basename, sep } from 'node:path'
import { Prisma, type RejectedPost as Rejected } from '@mediakeep/db'
import { bigintKind, textKind, timestampKind } from '../../paging/cursor.ts'
import type { Order } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { childPage } from '../builder/child-pages.ts'
import { nestColumns, selectList } from '../builder/columns.ts'
import { readConnection } from '../builder/connection.ts'
import { NamedCount } from '../builder/named-count.ts'

/** A rejected post, with the files of its run. */
type RejectedRow = Rejected & { readonly runFiles?: readonly string[] }

const RejectedPost = builder.prismaObject('RejectedPost', {
  description: 'A post that an import could not store.',
  fields: (t) => ({
    file: t.string({ resolve: (post: RejectedRow) => shownName(post.file, post.runFiles ?? []) }),
    postIndex: t.expose('postIndex', {
      type: 'BigInt',
      description: 'The position of the post in its file, from 0.',
    }),
    pointer: t.exposeString('pointer', {
      description: 'The JSON pointer (RFC 6901) to the problem in the post.',
    }),
    code: t.exposeString('code'),
    reason: t.exposeString('reason'),
    excerpt: t.exposeString('excerpt', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
})

/** Returns a file's name; within an archive or folder of the run, with its path there: `export.zip/data/tweets.js`. */
function shownName(path: string, runFiles: readonly string[]): string {
  const outer = runFiles.find((file) => path.startsWith(file + sep))
  return outer === undefined ? basename(path) : basename(outer) + path.slice(outer.length)
}

/** Returns counts that the import keeps among the run's options, the largest first. */
function countsAmong(options: unknown, key: 'formats' | 'skipped'): (typeof NamedCount.$inferType)[] {
  const counts = (options as Readonly<Record<string, Readonly<Record<string, number>>>> | null)?.[key] ?? {}
  return Object.entries(counts)
    .map(([name, count]) => ({ name, count }))
    .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
}

const rejectedOrder: Order = {
  name: 'REJECTED',
  column: 'x.file',
  kind: textKind,
  nullable: false,
  key: 'x.post_index',
  keyKind: bigintKind,
  descending: false,
}

const ImportKind = builder.enumType('ImportKind', {
  description: 'The work that a run does.',
  values: {
    import: { description: 'Stores the posts of one or more files.' },
    backfill: { description: 'Finds media in posts that are already stored.' },
  } as const,
})

export const ImportRun = builder.prismaNode('DownloadRun', {
  name: 'ImportRun',
  description: 'A run of the import, or of a backfill.',
  id: { field: 'runId' },
  nullable: true,
  // Null for a run of the older tool.
  include: { importRun: true },
  fields: (t) => ({
    runId: t.exposeID('runId'),
    kind: t.field({
      type: ImportKind,
      description: 'The work that the run does.',
      resolve: (run) => (run.importRun?.kind === 'backfill' ? 'backfill' : 'import'),
    }),
    status: t.exposeString('status', { nullable: true }),
    platform: t.exposeString('platform', { nullable: true }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true }),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    errorMessage: t.exposeString('errorMessage', { nullable: true }),
    files: t.stringList({ resolve: (run) => (run.importRun?.files ?? []).map((file) => basename(file)) }),
    bytesTotal: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.bytesTotal ?? 0 }),
    bytesRead: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.bytesRead ?? 0 }),
    postsProcessed: t.field({
      type: 'BigInt',
      resolve: (run) => run.importRun?.postsProcessed ?? run.postsFetched ?? 0,
    }),
    postsNew: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.postsNew ?? run.postsNew ?? 0 }),
    postsKnown: t.field({
      type: 'BigInt',
      resolve: (run) => run.importRun?.postsKnown ?? run.postsUpdated ?? 0,
    }),
    postsRejected: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.postsRejected ?? 0 }),
    mediaFound: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.mediaFound ?? 0 }),
    mediaNew: t.field({ type: 'BigInt', resolve: (run) => run.importRun?.mediaNew ?? 0 }),
    mediaRefreshed: t.field({
      type: 'BigInt',
      description: 'Known media whose URL was renewed.',
      resolve: (run) => run.importRun?.mediaRefreshed ?? 0,
    }),
    formats: t.field({
      type: [NamedCount],
      resolve: (run) => countsAmong(run.importRun?.options, 'formats'),
    }),
    skippedItems: t.field({
      type: [NamedCount],
      resolve: (run) => countsAmong(run.importRun?.options, 'skipped'),
    }),
    rejectedPosts: t.connection({
      type: RejectedPost,
      resolve: ({ runId }, args, context, info) =>
        childPage<RejectedRow>(
          { parent: { id: runId, value: runId }, args, context, info },
          {
            columns: `${selectList('x', Object.keys(Prisma.RejectedPostScalarFieldEnum))}, i.files AS "runFiles"`,
            from: 'mediakeep.rejected_posts x JOIN mediakeep.import_runs i USING (run_id)',
            where: () => ['x.run_id = parent.value'],
          },
          rejectedOrder,
        ),
    }),
  }),
})

const runOrder: Order = {
  name: 'STARTED_AT',
  column: 'r.started_at',
  kind: timestampKind,
  nullable: false,
  key: 'r.run_id',
  keyKind: textKind,
  descending: true,
}

builder.queryField('importRun', (t) =>
  t.prismaField({
    type: ImportRun,
    scope: ['read', 'import'],
    nullable: true,
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, { prisma }) =>
      prisma.downloadRun.findUnique({ ...query, where: { runId: id } }),
  }),
)

builder.queryField('importRuns', (t) =>
  t.connection({
    type: ImportRun,
    scope: ['read', 'import'],
    description: 'All import runs, the newest first.',
    args: { status: t.arg.string() },
    resolve: async (_root, args, { db }) => {
      const runs = selectList('r', Object.keys(Prisma.DownloadRunScalarFieldEnum))
      const imports = selectList('i', Object.keys(Prisma.ImportRunScalarFieldEnum), 'importRun.')
      const source = {
        columns: `${runs}, ${imports}`,
        from: 'public.download_runs r LEFT JOIN mediakeep.import_runs i USING (run_id)',
        where: (bind: (value: unknown) => string) =>
          typeof args.status === 'string' ? [`r.status = ${bind(args.status)}`] : [],
      }
      const page = await readConnection<typeof ImportRun.$inferType>(db, source, runOrder, args)
      nestColumns(
        page.edges.map((edge) => edge.node),
        'importRun',
      )
      return page
    },
  }),
)
