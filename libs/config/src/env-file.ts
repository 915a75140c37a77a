import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** Adds the variables of an `.env` file without overriding those already set; a missing file adds none. */
export function loadEnvFile(path: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  try {
    return { ...parseEnv(readFileSync(path, 'utf8')), ...env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return env
    throw error
  }
}
