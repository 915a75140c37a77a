import { sourceFiles, type SourceFile } from '@mediakeep/media'
import { builder } from '../builder/builder.ts'
import { Media } from './media.ts'

const ContainerKind = builder.enumType('ContainerKind', { values: ['folder', 'zip', 'file'] as const })

const SourceFileType = builder.objectRef<SourceFile>('SourceFile').implement({
  fields: (t) => ({
    member: t.exposeString('member'),
    container: t.exposeString('container'),
    kind: t.field({ type: ContainerKind, resolve: ({ kind }) => kind }),
    sha256: t.exposeString('sha256'),
    path: t.exposeString('path'),
    machine: t.exposeString('machine'),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true }),
    problem: t.exposeString('problem', { nullable: true }),
  }),
})

builder.objectField(Media, 'sourceFile', (t) =>
  t.field({
    type: SourceFileType,
    nullable: true,
    resolve: async ({ mediaId }, _args, { batches, db }, info) =>
      (await batches.load(info.fieldNodes, { id: mediaId, value: mediaId }, (media) =>
        sourceFiles(
          db,
          media.map(({ id }) => id),
        ),
      )) ?? null,
  }),
)
