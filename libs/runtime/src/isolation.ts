import { existsSync } from 'node:fs'
import type { FileCache } from '@mediakeep/cache'
import { ConfigError, type Config } from '@mediakeep/config'
import { chooseIsolation, IsolationError, type Isolation } from '@mediakeep/sandbox'

/**
 * Tries how decoders can be isolated here. They can read the cache, DECODER_READABLE and the given folders.
 *
 * @throws ConfigError if DECODER_ISOLATION requires more than this machine has, or DECODER_READABLE names a path that
 * does not exist: no rung but `none` would work
 */
export async function openIsolation(
  { decoders }: Config,
  cache: Pick<FileCache, 'root'>,
  alsoReadable: readonly string[] = [],
): Promise<Isolation> {
  const missing = decoders.readable.filter((path) => !existsSync(path))
  if (missing.length > 0)
    throw new ConfigError(`DECODER_READABLE names ${missing.join(', ')}, which does not exist.`)
  const readable = [cache.root, ...decoders.readable, ...alsoReadable]
  try {
    return await chooseIsolation(decoders.isolation, readable)
  } catch (error) {
    throw error instanceof IsolationError ? new ConfigError(error.message, { cause: error }) : error
  }
}
