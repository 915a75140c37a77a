import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InspectorUnavailableError, type Inspector } from '@mediakeep/content'

/** A red square of 16 × 16 pixels, as a JPEG. */
const JPEG = [
  '/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBD',
  'ARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAQABAD',
  'ASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAA',
  'BAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCIAVdf/9k=',
].join('')

/** One empty page. */
const PDF = [
  '%PDF-1.4',
  '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
  '2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj',
  '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj',
  'xref',
  '0 4',
  '0000000000 65535 f ',
  '0000000009 00000 n ',
  '0000000052 00000 n ',
  '0000000101 00000 n ',
  'trailer<</Size 4/Root 1 0 R>>',
  'startxref',
  '162',
  '%%EOF',
  '',
].join('\n')

const KNOWN_GOOD = {
  'known-good.jpg': Buffer.from(JPEG, 'base64'),
  'known-good.pdf': Buffer.from(PDF, 'latin1'),
}

/**
 * Inspects a known good file for each native decoder. Only if this succeeds is a file to blame for which the same
 * decoder just failed. @throws InspectorUnavailableError
 */
export async function probeDecoders(
  inspect: Inspector['inspect'],
  scratchFolder: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await mkdir(scratchFolder, { recursive: true })
    const folder = await mkdtemp(join(scratchFolder, 'mediakeep-probe-'))
    try {
      for (const [name, bytes] of Object.entries(KNOWN_GOOD)) {
        const path = join(folder, name)
        await writeFile(path, bytes)
        await inspect(path, signal)
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof InspectorUnavailableError) throw cause
    throw new InspectorUnavailableError(
      `This machine cannot inspect a file that is known to be good (${String(cause)}): reinstall the dependencies, ` +
        'and look for a full or failing disk',
      { cause },
    )
  }
}
