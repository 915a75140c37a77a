import { builder } from './builder.ts'

interface Count {
  readonly name: string
  readonly count: number
}

export const NamedCount = builder.objectRef<Count>('NamedCount').implement({
  fields: (t) => ({ name: t.exposeString('name'), count: t.expose('count', { type: 'BigInt' }) }),
})
