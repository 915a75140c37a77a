export { openJwtAuthenticator, type JwtOptions } from './jwt-authenticator.ts'
