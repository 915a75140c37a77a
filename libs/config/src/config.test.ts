import { expect, test } from 'vitest'
import { ConfigError, readConfig, unknownSettings } from './config.ts'
import { loadEnvFile } from './env-file.ts'

test('an empty environment is a usable configuration on embedded defaults', () => {
  const config = readConfig({ DATABASE_URL: '', MEDIAKEEP_HOME: '/data' })
  expect(config).toMatchObject({
    home: '/data',
    databaseUrl: undefined,
    archive: { kind: 'file', folder: '/data/archive' },
    cache: {
      folder: '/data/cache',
      maxBytes: 10_737_418_240,
      reserveBytes: 268_435_456,
      quarantine: { maxBytes: 2_147_483_648, maxAgeSeconds: 7_776_000 },
    },
    download: {
      concurrencyPerHost: 5,
      timeoutMs: 30_000,
      deadlineMs: 600_000,
      maxBytes: 104_857_600,
      allowHosts: [],
      proxy: undefined,
    },
    server: { host: '127.0.0.1', port: 4000 },
  })
})

test.each(['https://media.example', 'https://media.example/', 'http://192.168.1.5:4000'])(
  'PUBLIC_URL may be %s',
  (url) => expect(readConfig({ PUBLIC_URL: url }).server.publicUrl).toBe(url.replace(/\/$/, '')),
)

test.each(['https://media.example/keep', 'https://media.example/?a=b', 'https://media.example/#a'])(
  'PUBLIC_URL with more than a host is refused, with the remedy: %s',
  (url) =>
    expect(() => readConfig({ PUBLIC_URL: url })).toThrow(/PUBLIC_URL.*without a path.*host name of its own/),
)

test('a bucket makes the archive S3', () => {
  const config = readConfig({
    S3_BUCKET: 'media',
    S3_ENDPOINT: 'http://127.0.0.1:7480',
    S3_FORCE_PATH_STYLE: 'true',
  })
  expect(config.archive).toEqual({
    kind: 's3',
    bucket: 'media',
    endpoint: 'http://127.0.0.1:7480',
    forcePathStyle: true,
    checksums: 'WHEN_REQUIRED',
    encryption: undefined,
  })
})

test('new objects are encrypted as the bucket demands it; a key needs KMS', () => {
  const encryptionOf = (env: NodeJS.ProcessEnv): unknown => {
    const { archive } = readConfig({ S3_BUCKET: 'media', ...env })
    return archive.kind === 's3' && archive.encryption
  }
  expect(encryptionOf({ S3_SERVER_SIDE_ENCRYPTION: 'AES256' })).toEqual({ algorithm: 'AES256' })
  expect(encryptionOf({ S3_SERVER_SIDE_ENCRYPTION: 'aws:kms', S3_SSE_KMS_KEY_ID: 'alias/media' })).toEqual({
    algorithm: 'aws:kms',
    kmsKeyId: 'alias/media',
  })
  for (const algorithm of ['AES256', ''])
    expect(() =>
      encryptionOf({ S3_SERVER_SIDE_ENCRYPTION: algorithm, S3_SSE_KMS_KEY_ID: 'alias/media' }),
    ).toThrow('S3_SSE_KMS_KEY_ID')
})

test('all problems are reported together, each by its variable', () => {
  const read = (): unknown =>
    readConfig({
      PORT: 'many',
      DATABASE_URL: 'mysql://x',
      CACHE_MAX_BYTES: '-1',
      DOWNLOAD_ALLOW_HOSTS: 'localhost',
    })
  expect(read).toThrow(ConfigError)
  for (const name of ['PORT', 'DATABASE_URL', 'CACHE_MAX_BYTES', 'DOWNLOAD_ALLOW_HOSTS'])
    expect(read).toThrow(name)
})

test('times are written with their unit', () => {
  const { cache, verifyEverySeconds } = readConfig({ CACHE_ABSENT_AFTER: '36h', VERIFY_EVERY: '7d' })
  expect(cache.absentAfterSeconds).toBe(129_600)
  expect(verifyEverySeconds).toBe(604_800)
  expect(readConfig({}).cache.absentAfterSeconds).toBeUndefined()
  expect(readConfig({}).verifyEverySeconds).toBe(2_592_000)
  for (const wrong of ['30', '1s', 'soon', '-1d']) {
    expect(() => readConfig({ CACHE_ABSENT_AFTER: wrong })).toThrow('CACHE_ABSENT_AFTER: expected a time')
  }
})

test('a proxy is named by its address alone', () => {
  const proxy = 'http://user:password@proxy.example:3128'
  expect(readConfig({ DOWNLOAD_PROXY: proxy }).download.proxy).toBe(proxy)
  for (const wrong of [
    'proxy.example:3128',
    'https://proxy.example',
    'socks5://proxy:1',
    'http://proxy/path',
  ])
    expect(() => readConfig({ DOWNLOAD_PROXY: wrong })).toThrow('DOWNLOAD_PROXY')
})

test('sizes take binary units', () => {
  expect(readConfig({ CACHE_MAX_BYTES: '1.5 GiB' }).cache.maxBytes).toBe(1.5 * 1024 ** 3)
})

test('what is handed on cannot be changed', () => {
  const config = readConfig({})
  expect(() => Object.assign(config.server, { port: 1 })).toThrow(TypeError)
})

test('the environment wins over the .env file, and a missing file is none', () => {
  expect(loadEnvFile('/nowhere/.env', { A: '1' })).toEqual({ A: '1' })
})

test('who may use the API: an identity provider whole or not at all, origins without a path', () => {
  const provider = {
    JWKS_URL: 'https://login.example/keys',
    JWT_ISSUER: 'https://login.example/',
    JWT_AUDIENCE: 'me',
  }
  expect(
    readConfig({ ...provider, ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000' }).access,
  ).toEqual({
    identityProvider: {
      jwksUrl: 'https://login.example/keys',
      issuer: 'https://login.example/',
      audience: 'me',
      scopesClaim: undefined,
    },
    allowedOrigins: ['https://a.example', 'http://localhost:3000'],
    requestsPerMinute: 6000,
    persistedOperations: undefined,
  })
  const problem = (env: NodeJS.ProcessEnv, name: string): void => {
    expect(() => readConfig(env)).toThrow(name)
  }
  problem({ JWKS_URL: 'https://login.example/keys' }, 'JWT_ISSUER')
  problem({ JWKS_URL: 'https://login.example/keys' }, 'JWT_AUDIENCE')
  problem({ ...provider, JWKS_URL: 'http://login.example/keys' }, 'JWKS_URL')
  for (const wrong of ['*', 'https://a.example/', 'a.example', 'null'])
    problem({ ALLOWED_ORIGINS: wrong }, 'ALLOWED_ORIGINS')
  problem({ PERSISTED_OPERATIONS: 'only' }, 'PERSISTED_OPERATIONS_FILE')
})

test('settings of a bucket without its name are an error', () => {
  for (const env of [
    { S3_ENDPOINT: 'https://s3.example' },
    { S3_FORCE_PATH_STYLE: 'true' },
    { S3_SERVER_SIDE_ENCRYPTION: 'AES256' },
  ])
    expect(() => readConfig({ ...env, S3_BUKET: 'media' })).toThrow(
      new RegExp(`${Object.keys(env)[0]!}: needs S3_BUCKET`),
    )
})

test('a misspelt setting is named, with the one that was probably meant', () => {
  const env = {
    S3_BUKET: 'media',
    DOWNLOAD_PROXI: 'http://proxy:3128',
    MEDIAKEEP_HOMES: '/data',
    MEDIAKEEP_SOMETHING_ELSE_ENTIRELY: '1',
    MEDIAKEEP_TOKEN: 'mk_1',
    CACHE_DIR: '/cache',
    CACHE_MAX_BYTE: '',
    PATH: '/bin',
    AWS_REGION: 'eu-west-3',
    DECODER_ISOLATON: 'namespace',
  }
  expect(unknownSettings(env)).toEqual([
    'DECODER_ISOLATON is no setting of Mediakeep and is ignored. Did you mean DECODER_ISOLATION?',
    'DOWNLOAD_PROXI is no setting of Mediakeep and is ignored. Did you mean DOWNLOAD_PROXY?',
    'MEDIAKEEP_HOMES is no setting of Mediakeep and is ignored. Did you mean MEDIAKEEP_HOME?',
    'MEDIAKEEP_SOMETHING_ELSE_ENTIRELY is no setting of Mediakeep and is ignored',
    'S3_BUKET is no setting of Mediakeep and is ignored. Did you mean S3_BUCKET?',
  ])
})
