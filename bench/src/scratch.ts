import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone after `work`. Others may enter it: an embedded PostgreSQL runs as another user. */
export async function withScratch<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-bench-'))
  await mkdir(folder, { recursive: true, mode: 0o755 })
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Files of random bytes; returns their absolute paths. */
export async function writeRandomFiles(folder: string, count: number, byteSize: number): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (let index = 0; index < count; index++) {
    const path = join(folder, `${index}.bin`)
    await writeFile(path, randomBytes(byteSize))
    paths.push(path)
  }
  return paths
}
