import {
  createToken,
  revokeToken,
  SCOPES,
  TokenNameTakenError,
  tokenColumns,
  TokenNotFoundError,
  type ApiToken as TokenRow,
} from '@mediakeep/access'
import { z } from 'zod'
import { textKind, timestampKind } from '../../paging/cursor.ts'
import type { Order } from '../../paging/window.ts'
import { builder } from '../builder/builder.ts'
import { readConnection } from '../builder/connection.ts'
import { ErrorInterface } from '../builder/errors.ts'
import { InvalidInputError } from '../builder/invalid-input.ts'

export const ApiScope = builder.enumType('ApiScope', {
  description: 'A permission of a token. `admin` permits everything; no other scope includes another.',
  values: SCOPES,
})

// Not a Node: otherwise anyone who may read media could find out by id which tokens exist.
const ApiToken = builder.objectRef<TokenRow>('ApiToken').implement({
  description: 'An API token. Its secret was returned once, when it was created, and is not stored.',
  fields: (t) => ({
    id: t.exposeID('tokenId'),
    name: t.exposeString('name'),
    scopes: t.field({ type: [ApiScope], resolve: ({ scopes }) => [...scopes] }),
    createdBy: t.exposeString('createdBy', {
      description: 'The token that created it, or the place where it was created.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token expires. Null if it does not expire.',
    }),
    revokedAt: t.expose('revokedAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the token was last used, to the minute. Null if it never was.',
    }),
  }),
})

const tokenOrder: Order = {
  name: 'CREATED_AT',
  column: 't.created_at',
  kind: timestampKind,
  nullable: false,
  key: 't.token_id',
  keyKind: textKind,
  descending: true,
}

builder.queryField('apiTokens', (t) =>
  t.connection({
    type: ApiToken,
    scope: 'admin',
    description: 'All tokens, including revoked and expired ones, the newest first.',
    resolve: (_root, args, { db }) =>
      readConnection<TokenRow>(
        db,
        { columns: tokenColumns, from: 'mediakeep.api_tokens t', where: () => [] },
        tokenOrder,
        args,
      ),
  }),
)

builder.objectType(TokenNameTakenError, {
  name: 'TokenNameTakenError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof TokenNameTakenError,
})
builder.objectType(TokenNotFoundError, {
  name: 'TokenNotFoundError',
  interfaces: [ErrorInterface],
  isTypeOf: (value) => value instanceof TokenNotFoundError,
})

const CreateTokenInput = builder.inputType('CreateTokenInput', {
  fields: (t) => ({
    name: t.string({ required: true, validate: z.string().trim().min(1).max(100) }),
    scopes: t.field({ type: [ApiScope], required: true, validate: z.array(z.enum(SCOPES)).min(1).max(5) }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the token expires, in the future. The default is that it does not expire.',
      validate: z.date().refine((date) => date.getTime() > Date.now(), 'It must be in the future.'),
    }),
  }),
})
const CreatedToken = builder
  .objectRef<{ readonly token: TokenRow; readonly secret: string }>('CreateTokenPayload')
  .implement({
    fields: (t) => ({
      token: t.field({ type: ApiToken, resolve: ({ token }) => token }),
      secret: t.exposeString('secret', {
        description: 'The secret that a client sends. It is returned here only and cannot be read again.',
      }),
    }),
  })
const RevokeTokenInput = builder.inputType('RevokeTokenInput', {
  fields: (t) => ({ id: t.id({ required: true }) }),
})
const RevokedToken = builder.objectRef<{ readonly token: TokenRow }>('RevokeTokenPayload').implement({
  fields: (t) => ({ token: t.field({ type: ApiToken, resolve: ({ token }) => token }) }),
})

builder.mutationFields((t) => ({
  createToken: t.field({
    type: CreatedToken,
    scope: 'admin',
    args: { input: t.arg({ type: CreateTokenInput, required: true }) },
    errors: { types: [TokenNameTakenError, InvalidInputError] },
    resolve: (_root, { input: { name, scopes, expiresAt } }, { db, viewer }) =>
      createToken(db, { name, scopes, expiresAt: expiresAt ?? undefined, createdBy: viewer.name }),
  }),
  revokeToken: t.field({
    type: RevokedToken,
    scope: 'admin',
    description: 'Revokes a token permanently. It takes effect everywhere within seconds.',
    args: { input: t.arg({ type: RevokeTokenInput, required: true }) },
    errors: { types: [TokenNotFoundError] },
    resolve: async (_root, { input }, { db }) => ({ token: await revokeToken(db, input.id) }),
  }),
}))
