export { ConfigError, readConfig, type Config } from './config.ts'
export { loadEnvFile } from './env-file.ts'
