import { builder } from '../builder/builder.ts'
import { ImportRun } from './import-run.ts'
import { ImportSourceError } from '../context/import-sources.ts'

const ImportPostsInput = builder.inputType('ImportPostsInput', {
  description: 'Either a file of the request, or the path of one.',
  fields: (t) => ({
    file: t.field({ type: 'Upload' }),
    path: t.string({ description: 'Below the folder IMPORT_DIR of the server.' }),
  }),
})

builder.mutationField('importPosts', (t) =>
  t.prismaField({
    type: ImportRun,
    scope: 'import',
    description: 'Queues the import of a posts file; the run tells how it goes.',
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
