import { builder } from '../builder/builder.ts'
import { ImportRun } from './import-run.ts'
import { ImportSourceError } from '../context/import-sources.ts'

const ImportPostsInput = builder.inputType('ImportPostsInput', {
  description: 'The file to import: either uploaded in the request, or named by its path.',
  fields: (t) => ({
    file: t.field({ type: 'Upload' }),
    path: t.string({ description: "The path of the file, relative to the server's folder IMPORT_DIR." }),
  }),
})

builder.mutationField('importPosts', (t) =>
  t.prismaField({
    type: ImportRun,
    scope: 'import',
    description: 'Queues the import of a posts file. The returned run shows its progress.',
    args: { input: t.arg({ type: ImportPostsInput, required: true }) },
    errors: { types: [ImportSourceError] },
    resolve: async (query, _root, { input: { file, path } }, { actions, imports, prisma, viewer }) => {
      if ((typeof file === 'string') === (typeof path === 'string'))
        throw new ImportSourceError('one_source', 'Give either "file" or "path".')
      const source = typeof path === 'string' ? await imports.locate(path) : imports.keepUpload(file!)
      const runId = await actions.createImportRun([source], viewer.name)
      return prisma.downloadRun.findUniqueOrThrow({ ...query, where: { runId } })
    },
  }),
)
