import { SCOPES, type Viewer } from '@mediakeep/access'
import { ApiScope } from './api-tokens.ts'
import { builder } from '../builder/builder.ts'

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The sender of the request.',
  fields: (t) => ({
    name: t.exposeString('name'),
    scopes: t.field({ type: [ApiScope], resolve: ({ scopes }) => [...scopes] }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    scope: [...SCOPES],
    description:
      'The sender of the request and its permissions, so that a client can hide what would be refused.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
)
