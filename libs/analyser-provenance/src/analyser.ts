import { readFile } from 'node:fs/promises'
import { MEDIA_TYPES, type Analyser, type JsonObject } from '@mediakeep/plugin-api'
import { readCredentials } from './credentials.ts'
import { declaresAi, sourceTypeName } from './source-types.ts'
import { readXmp, type XmpFacts } from './xmp.ts'

const NO_XMP: XmpFacts = { sourceTypes: [] }

/**
 * Reads what a file says about its own origin: content credentials (C2PA) with the state of their signature, the digital
 * source type of IPTC, and the history in XMP. Nothing is fetched: no remote manifest, no certificate status.
 *
 * A signature is only called trusted when `PROVENANCE_TRUST_ANCHORS` names a file with the certificates to trust.
 */
export const analyser: Analyser = {
  name: 'provenance',
  version: '1',
  mediaTypes: MEDIA_TYPES,
  timeoutMs: 60_000,
  env: ['PROVENANCE_TRUST_ANCHORS'],
  async analyse({ path, mimeType, mediaType }) {
    const credentials = await readCredentials(path, mimeType, await trustAnchors())
    const xmp = mediaType === 'image' ? await readXmp(path) : NO_XMP
    const declared = [...(credentials?.sourceTypes ?? []), ...xmp.sourceTypes]
    const digitalSourceTypes = [...new Set(declared.map(sourceTypeName))]
    const result: JsonObject = {
      hasCredentials: credentials !== undefined,
      ...(credentials && { credentials: credentials.facts }),
      digitalSourceTypes,
      declaresAi: digitalSourceTypes.some(declaresAi),
      ...(xmp.facts && { xmp: xmp.facts }),
    }
    return { result }
  },
}

async function trustAnchors(): Promise<string | undefined> {
  const path = process.env.PROVENANCE_TRUST_ANCHORS
  return path ? await readFile(path, 'utf8') : undefined
}
