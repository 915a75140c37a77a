import { SCOPES, type Viewer } from '@mediakeep/access'
import { ApiScope } from './api-tokens.ts'
import { builder } from '../builder/builder.ts'

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    name: t.exposeString('name'),
    scopes: t.field({ type: [ApiScope], resolve: ({ scopes }) => [...scopes] }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerType,
    scope: [...SCOPES],
    description: 'Who asks, and what they may do: a frontend need not offer what is refused.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
)
