import SchemaBuilder from '@pothos/core'
import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { scopesOf } from './operation-scopes.ts'
import './scope-plugin.ts'

interface Thing {
  readonly secret: string
}

// Other plugins, which are not loaded here, would require their own options.
const options = { plugins: ['scope'] } as never

function newBuilder() {
  const builder = new SchemaBuilder<object>(options)
  const Named = builder
    .interfaceRef<Thing>('Named')
    .implement({ fields: (t) => ({ secret: t.exposeString('secret') }) })
  const Thing = builder.objectRef<Thing>('Thing').implement({
    interfaces: [Named],
    isTypeOf: () => true,
    fields: (t) => ({
      secret: t.exposeString('secret', { scope: 'admin' }),
      open: t.exposeString('secret'),
    }),
  })
  builder.queryType({
    fields: (t) => ({
      thing: t.field({ type: Thing, scope: 'read', resolve: () => ({ secret: 'x' }) }),
      named: t.field({ type: Named, scope: ['read', 'import'], resolve: () => ({ secret: 'x' }) }),
    }),
  })
  return builder
}

describe('a field of a root type that says no scope cannot be built, nor written', () => {
  const resolve = (): string => ''
  const subscribe = (): never => {
    throw new Error('nobody subscribes')
  }

  test('a query', () => {
    const builder = newBuilder()
    // @ts-expect-error the scope is missing
    builder.queryField('open', (t) => t.string({ resolve }))
    expect(() => builder.toSchema()).toThrow('Query.open says no scope')
  })
  test('a mutation', () => {
    const builder = newBuilder()
    // @ts-expect-error the scope is missing
    builder.mutationType({ fields: (t) => ({ open: t.string({ resolve }) }) })
    expect(() => builder.toSchema()).toThrow('Mutation.open says no scope')
  })
  test('a subscription', () => {
    const builder = newBuilder()
    // @ts-expect-error the scope is missing
    builder.subscriptionType({ fields: (t) => ({ open: t.string({ subscribe, resolve }) }) })
    expect(() => builder.toSchema()).toThrow('Subscription.open says no scope')
  })
})

const needed = (query: string): Record<string, readonly string[]> =>
  Object.fromEntries(
    scopesOf(newBuilder().toSchema(), parse(query), undefined).map(({ field, anyOf }) => [field, anyOf]),
  )

test.each([
  ['in the operation', '{ thing { open } }', { 'Query.thing': ['read'] }],
  ['below', '{ thing { secret } }', { 'Query.thing': ['read'], 'Thing.secret': ['admin'] }],
  ['by another name', '{ a: thing { b: secret } }', { 'Query.thing': ['read'], 'Thing.secret': ['admin'] }],
  ['left out by a directive', '{ thing @skip(if: true) { open } }', { 'Query.thing': ['read'] }],
  [
    'in a fragment',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { thing { open } ...A }',
    { 'Query.thing': ['read'] },
  ],
  ['in an inline fragment', '{ ... { ... on Query { thing { open } } } }', { 'Query.thing': ['read'] }],
  [
    'on an interface',
    '{ named { secret } }',
    { 'Query.named': ['read', 'import'], 'Thing.secret': ['admin'] },
  ],
  [
    'on what implements it',
    '{ named { ... on Thing { secret } } }',
    { 'Query.named': ['read', 'import'], 'Thing.secret': ['admin'] },
  ],
  ['nowhere', '{ __typename }', {}],
])('a field that takes a scope is found %s', (_where, query, expected) => {
  expect(needed(query)).toEqual(expected)
})
