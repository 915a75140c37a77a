import { resolve } from 'node:path'
import { z } from 'zod'
import { httpUrl, list, whole } from './fields.ts'

const origin = z.string().refine((text) => URL.parse(text)?.origin === text, {
  error: 'expected origins such as https://app.example, without a path',
})

/** Variables that control access to the API. */
export const accessEnvironment = {
  JWKS_URL: httpUrl.optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_SCOPES_CLAIM: z.string().optional(),
  ALLOWED_ORIGINS: list.pipe(z.array(origin)).default([]),
  RATE_LIMIT: whole(0).default(6000),
  PERSISTED_OPERATIONS: z.enum(['allow', 'only']).default('allow'),
  PERSISTED_OPERATIONS_FILE: z.string().optional(),
}

type AccessEnvironment = z.infer<z.ZodObject<typeof accessEnvironment>>

/** Access control for the API. */
export interface AccessConfig {
  /** Undefined: only our own tokens are accepted. */
  readonly identityProvider:
    | {
        readonly jwksUrl: string
        readonly issuer: string
        readonly audience: string
        readonly scopesClaim: string | undefined
      }
    | undefined
  /** Origins whose pages may call the API. */
  readonly allowedOrigins: readonly string[]
  /** Limit per token; 0: no limit. */
  readonly requestsPerMinute: number
  /** `file`: absolute path of the manifest; `only`: reject all other operations. */
  readonly persistedOperations: { readonly file: string; readonly only: boolean } | undefined
}

/** Reports what is missing among settings that depend on each other. */
export function checkAccess(env: AccessEnvironment, context: z.RefinementCtx): void {
  const demand = (name: keyof AccessEnvironment, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message })
  if (env.JWKS_URL !== undefined) {
    const { protocol, hostname } = new URL(env.JWKS_URL)
    if (protocol !== 'https:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
      demand('JWKS_URL', 'keys are trusted for where they come from: https:// is needed')
    for (const name of ['JWT_ISSUER', 'JWT_AUDIENCE'] as const)
      if (env[name] === undefined)
        demand(name, 'is needed with JWKS_URL: whose tokens are taken, and for whom')
  }
  if (env.PERSISTED_OPERATIONS === 'only' && env.PERSISTED_OPERATIONS_FILE === undefined)
    demand('PERSISTED_OPERATIONS_FILE', 'is needed with PERSISTED_OPERATIONS=only')
}

export function toAccess(env: AccessEnvironment): AccessConfig {
  const file = env.PERSISTED_OPERATIONS_FILE
  return {
    identityProvider:
      env.JWKS_URL === undefined
        ? undefined
        : {
            jwksUrl: env.JWKS_URL,
            issuer: env.JWT_ISSUER!,
            audience: env.JWT_AUDIENCE!,
            scopesClaim: env.JWT_SCOPES_CLAIM,
          },
    allowedOrigins: env.ALLOWED_ORIGINS,
    requestsPerMinute: env.RATE_LIMIT,
    persistedOperations:
      file === undefined ? undefined : { file: resolve(file), only: env.PERSISTED_OPERATIONS === 'only' },
  }
}
