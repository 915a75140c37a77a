export {
  AuthenticationError,
  IdentityProviderError,
  TokenNameTakenError,
  TokenNotFoundError,
  type RefusalReason,
} from './errors.ts'
export { allows, isScope, SCOPES, type Scope } from './scopes.ts'
export { isSecret } from './secret.ts'
export { openTokenAuthenticator, type TokenAuthenticator } from './token-authenticator.ts'
export {
  createToken,
  findToken,
  hasTokens,
  listTokens,
  revokeToken,
  tokenColumns,
  type ApiToken,
  type NewToken,
} from './tokens.ts'
export type { Authenticator, Viewer } from './viewer.ts'
