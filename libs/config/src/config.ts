import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { plainMessage } from '@mediakeep/plugin-api'
import { z } from 'zod'
import { accessEnvironment, checkAccess, toAccess, type AccessConfig } from './access.ts'
import { analysisEnvironment, checkAnalysis, toAnalysis, type AnalysisConfig } from './analysis.ts'
import {
  bytes,
  flag,
  hostAndPort,
  httpUrl,
  list,
  postgresUrl,
  proxyUrl,
  publicUrl,
  seconds,
  whole,
} from './fields.ts'
import { unknownVariables } from './unknown-variables.ts'

/** The environment is invalid; the message lists every problem at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly code = 'invalid_configuration'
}

const MIB = 1024 ** 2
const GIB = 1024 ** 3

const variables = z.object({
  NODE_ENV: z.string().optional(),
  DATABASE_URL: postgresUrl.optional(),
  DIRECT_DATABASE_URL: postgresUrl.optional(),
  MEDIAKEEP_HOME: z.string().default('.mediakeep'),
  MEDIAKEEP_PLUGINS: list.default([]),
  S3_BUCKET: z.string().min(3).max(63).optional(),
  S3_ENDPOINT: httpUrl.optional(),
  S3_FORCE_PATH_STYLE: flag.optional(),
  S3_CHECKSUMS: z.enum(['WHEN_REQUIRED', 'WHEN_SUPPORTED']).default('WHEN_REQUIRED'),
  S3_SERVER_SIDE_ENCRYPTION: z.enum(['AES256', 'aws:kms']).optional(),
  S3_SSE_KMS_KEY_ID: z.string().optional(),
  CACHE_DIR: z.string().optional(),
  CACHE_MAX_BYTES: bytes.default(10 * GIB),
  CACHE_RESERVE_BYTES: bytes.default(256 * MIB),
  CACHE_ABSENT_AFTER: seconds(300).optional(),
  VERIFY_EVERY: seconds(3600).default(30 * 24 * 3600),
  QUARANTINE_MAX_BYTES: bytes.default(2 * GIB),
  QUARANTINE_MAX_AGE_DAYS: whole(1, 36_500).default(90),
  DOWNLOAD_CONCURRENCY: whole(1, 256).default(5),
  DOWNLOAD_TIMEOUT_MS: whole(100).default(30_000),
  DOWNLOAD_DEADLINE_MS: whole(100).default(600_000),
  DOWNLOAD_MAX_BYTES: bytes.default(100 * MIB),
  DOWNLOAD_ALLOW_HOSTS: hostAndPort.default([]),
  DOWNLOAD_PROXY: proxyUrl.optional(),
  DECODER_ISOLATION: z.enum(['auto', 'namespace', 'permission', 'none']).default('auto'),
  DECODER_READABLE: list.default([]),
  IMPORT_DIR: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(4000),
  PUBLIC_URL: publicUrl.optional(),
  SIGNING_SECRET: z.string().min(16).optional(),
  ...accessEnvironment,
  ...analysisEnvironment,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

const environment = variables.superRefine(checkArchive).superRefine(checkAccess).superRefine(checkAnalysis)

/** Reports what is missing among settings that depend on each other. */
function checkArchive(env: z.infer<typeof variables>, context: z.RefinementCtx): void {
  const demand = (name: keyof typeof env, message: string): void =>
    context.addIssue({ code: 'custom', path: [name], message })
  const ofBucket = [
    'S3_ENDPOINT',
    'S3_FORCE_PATH_STYLE',
    'S3_SERVER_SIDE_ENCRYPTION',
    'S3_SSE_KMS_KEY_ID',
  ] as const
  if (env.S3_BUCKET === undefined)
    for (const name of ofBucket)
      if (env[name] !== undefined)
        demand(name, 'needs S3_BUCKET; without a bucket, the archive is a folder on this machine')
  if (env.S3_SSE_KMS_KEY_ID !== undefined && env.S3_SERVER_SIDE_ENCRYPTION !== 'aws:kms')
    demand('S3_SSE_KMS_KEY_ID', 'needs S3_SERVER_SIDE_ENCRYPTION=aws:kms')
}

/** @returns one sentence for each variable that looks like a setting but is not one */
export function unknownSettings(env: NodeJS.ProcessEnv): string[] {
  return unknownVariables(env, Object.keys(variables.shape))
}

/** The environment's settings, validated, with defaults, frozen. Sizes in bytes, times in milliseconds. */
export interface Config {
  readonly isProduction: boolean
  /** This machine's name in leases and runs. */
  readonly machine: string
  /** Absolute path; contains everything without a location of its own: database, cache, archive, uploads. */
  readonly home: string
  /** Absolute path; uploaded posts files wait here for import. */
  readonly uploadFolder: string
  /** Undefined: an embedded PostgreSQL under `home`. */
  readonly databaseUrl: string | undefined
  /** A connection that bypasses any pooler, for session locks and LISTEN; default `databaseUrl`. */
  readonly directDatabaseUrl: string | undefined
  readonly plugins: readonly string[]
  readonly archive:
    | {
        readonly kind: 's3'
        readonly bucket: string
        readonly endpoint: string | undefined
        readonly forcePathStyle: boolean | undefined
        readonly checksums: 'WHEN_REQUIRED' | 'WHEN_SUPPORTED'
        /** Undefined: the bucket's default applies. */
        readonly encryption:
          { readonly algorithm: 'AES256' | 'aws:kms'; readonly kmsKeyId: string | undefined } | undefined
      }
    | { readonly kind: 'file'; readonly folder: string }
  readonly cache: {
    readonly folder: string
    readonly maxBytes: number
    /** Kept free on the disk: archived files are evicted for it. On small disks, a twentieth of the disk. */
    readonly reserveBytes: number
    /** How long a cache may be silent before its files are sought elsewhere; undefined: as set in the database. */
    readonly absentAfterSeconds: number | undefined
    /** Rejected files; only those that are also in the archive are ever removed. */
    readonly quarantine: { readonly maxBytes: number; readonly maxAgeSeconds: number }
  }
  /** Every archived object is verified once within this time. */
  readonly verifyEverySeconds: number
  readonly download: {
    readonly concurrencyPerHost: number
    readonly timeoutMs: number
    readonly deadlineMs: number
    readonly maxBytes: number
    readonly allowHosts: readonly string[]
    /** `http://[user:password@]host:port`; undefined: no proxy, even if HTTP_PROXY is set. */
    readonly proxy: string | undefined
  }
  /** The child processes that decode untrusted files. */
  readonly decoders: {
    readonly isolation: 'auto' | 'namespace' | 'permission' | 'none'
    /** Absolute paths that analysers read besides their code and the cache: their models. */
    readonly readable: readonly string[]
  }
  /** Absolute path; `importPosts` accepts only paths inside it. */
  readonly importFolder: string | undefined
  readonly server: {
    readonly host: string
    readonly port: number
    readonly publicUrl: string | undefined
    readonly signingSecret: string | undefined
  }
  readonly access: AccessConfig
  readonly analysis: AnalysisConfig
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Reads and validates the environment. Empty variables count as absent. @throws ConfigError listing every problem */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = environment.safeParse(given, { error: plainMessage })
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path[0] as string}: ${issue.message}`)
    throw new ConfigError(`The configuration is not usable:\n${problems.join('\n')}`)
  }
  return freeze(toConfig(parsed.data))
}

function toConfig(env: z.infer<typeof environment>): Config {
  const home = resolve(env.MEDIAKEEP_HOME)
  return {
    isProduction: env.NODE_ENV === 'production',
    machine: hostname(),
    home,
    uploadFolder: join(home, 'uploads'),
    databaseUrl: env.DATABASE_URL,
    directDatabaseUrl: env.DIRECT_DATABASE_URL ?? env.DATABASE_URL,
    plugins: env.MEDIAKEEP_PLUGINS,
    archive: env.S3_BUCKET
      ? {
          kind: 's3',
          bucket: env.S3_BUCKET,
          endpoint: env.S3_ENDPOINT,
          forcePathStyle: env.S3_FORCE_PATH_STYLE,
          checksums: env.S3_CHECKSUMS,
          encryption: env.S3_SERVER_SIDE_ENCRYPTION && {
            algorithm: env.S3_SERVER_SIDE_ENCRYPTION,
            kmsKeyId: env.S3_SSE_KMS_KEY_ID,
          },
        }
      : { kind: 'file', folder: join(home, 'archive') },
    cache: {
      folder: resolve(env.CACHE_DIR ?? join(home, 'cache')),
      maxBytes: env.CACHE_MAX_BYTES,
      reserveBytes: env.CACHE_RESERVE_BYTES,
      absentAfterSeconds: env.CACHE_ABSENT_AFTER,
      quarantine: {
        maxBytes: env.QUARANTINE_MAX_BYTES,
        maxAgeSeconds: env.QUARANTINE_MAX_AGE_DAYS * 24 * 3600,
      },
    },
    verifyEverySeconds: env.VERIFY_EVERY,
    download: {
      concurrencyPerHost: env.DOWNLOAD_CONCURRENCY,
      timeoutMs: env.DOWNLOAD_TIMEOUT_MS,
      deadlineMs: env.DOWNLOAD_DEADLINE_MS,
      maxBytes: env.DOWNLOAD_MAX_BYTES,
      allowHosts: env.DOWNLOAD_ALLOW_HOSTS,
      proxy: env.DOWNLOAD_PROXY,
    },
    decoders: {
      isolation: env.DECODER_ISOLATION,
      readable: env.DECODER_READABLE.map((path) => resolve(path)),
    },
    importFolder: env.IMPORT_DIR && resolve(env.IMPORT_DIR),
    server: {
      host: env.HOST,
      port: env.PORT,
      publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
      signingSecret: env.SIGNING_SECRET,
    },
    access: toAccess(env),
    analysis: toAnalysis(env),
    logLevel: env.LOG_LEVEL,
  }
}

function freeze<Value>(value: Value): Value {
  if (value !== null && typeof value === 'object') Object.values(value).forEach(freeze)
  return Object.freeze(value)
}
