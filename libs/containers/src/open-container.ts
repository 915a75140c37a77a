import { stat } from 'node:fs/promises'
import type { Container } from './container.ts'
import { openFolder } from './folder.ts'
import { openSingleFile, readHead } from './single-file.ts'
import { openZip } from './zip.ts'

const ZIP_STARTS = ['504b0304', '504b0506', '504b0606'].map((hex) => Buffer.from(hex, 'hex'))

/**
 * Opens an export by what it is: a folder, a zip archive (by its first bytes), or a file, which may be compressed.
 *
 * @throws ContainerError for an archive that cannot be read at all, or the file system's error
 */
export async function openContainer(path: string): Promise<Container> {
  if ((await stat(path)).isDirectory()) return openFolder(path)
  return (await isZip(path)) ? openZip(path) : openSingleFile(path)
}

async function isZip(path: string): Promise<boolean> {
  const head = await readHead(path)
  return ZIP_STARTS.some((start) => head.subarray(0, 4).equals(start)) || /\.zip$/i.test(path)
}
