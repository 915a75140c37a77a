import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

export interface SourceFile {
  /** Path relative to the repository's root. */
  readonly path: string
  readonly text: string
}

/** Reads the TypeScript and `.sql` files in these folders, without tests, drills, attacks, fixtures and generated code. */
export async function readSources(...folders: readonly string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const folder of folders) {
    for await (const path of glob(`${folder}/*/src/**/*.{ts,tsx,sql}`, { cwd: ROOT })) {
      if (/\.(?:test|fixture|drill)\.tsx?$|\.sql\.ts$|\/attacks\/|\/generated\/|\/contract\//.test(path))
        continue
      files.push({ path, text: await readFile(join(ROOT, path), 'utf8') })
    }
  }
  return files
}
