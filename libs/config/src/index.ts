export { ConfigError, readConfig, unknownSettings, type Config } from './config.ts'
export { loadEnvFile } from './env-file.ts'
