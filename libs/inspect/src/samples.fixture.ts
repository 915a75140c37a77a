import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { onTestFinished } from 'vitest'
import type { MediaFacts } from '@mediakeep/content'
import { createInspector } from './inspector.ts'

export const inspector = createInspector()

export async function fileOf(bytes: Uint8Array | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-inspect-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'file'), bytes)
  return join(folder, 'file')
}

export async function inspect(bytes: Uint8Array | string, by = inspector): Promise<MediaFacts> {
  return await by.inspect(await fileOf(bytes))
}

/** The code of the rejection, or `kept`. */
export async function verdict(bytes: Uint8Array | string, by = inspector): Promise<unknown> {
  return await inspect(bytes, by).then(
    () => 'kept',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  )
}

/** A picture that no codec can compress well. */
export function noise(width = 320, height = 240): Sharp {
  const gaussian = { type: 'gaussian' as const, mean: 128, sigma: 40 }
  return sharp({ create: { width, height, channels: 3, background: '#888', noise: gaussian } })
}
