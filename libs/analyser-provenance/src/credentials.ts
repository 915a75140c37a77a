import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import init, { WasmReader } from '@contentauth/c2pa-wasm'
import { compactFacts, textFact, type JsonObject } from '@mediakeep/plugin-api'
import { z } from 'zod'
import { containsBytes } from './marks.ts'

/** The content credentials of a file. */
export interface Credentials {
  /** URIs of digital source types that its actions declare. */
  readonly sourceTypes: readonly string[]
  readonly facts: JsonObject
}

/** The type of a JUMBF superbox with a C2PA manifest store (C2PA 2.2, 11.1.4.2): `c2pa`, then the suffix of ISO 19566-5. */
const MANIFEST_STORE = Buffer.from('6332706100110010800000aa00389b71', 'hex')
/** The library needs the whole file in memory, twice. */
const MAX_BYTES = 256 * 1024 ** 2
const MAX_LISTED = 100
const UNTRUSTED = 'signingCredential.untrusted'

const action = z.object({
  action: z.string(),
  when: z.string().optional(),
  softwareAgent: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  digitalSourceType: z.string().optional(),
})
const manifest = z.object({
  title: z.string().nullish(),
  claim_generator: z.string().nullish(),
  claim_generator_info: z.array(z.object({ name: z.string(), version: z.string().nullish() })).nullish(),
  signature_info: z
    .object({
      alg: z.string().nullish(),
      issuer: z.string().nullish(),
      common_name: z.string().nullish(),
      time: z.string().nullish(),
    })
    .nullish(),
  assertions: z.array(z.object({ label: z.string(), data: z.unknown() })).nullish(),
  ingredients: z.array(z.unknown()).nullish(),
})
const store = z.object({
  active_manifest: z.string().nullish(),
  manifests: z.record(z.string(), manifest),
  validation_state: z.enum(['Valid', 'Invalid', 'Trusted']).nullish(),
  validation_status: z.array(z.object({ code: z.string() })).nullish(),
})
type Store = z.infer<typeof store>
type Manifest = z.infer<typeof manifest>
type Action = z.infer<typeof action>

/**
 * Reads the content credentials of a file and checks its digests and signature, offline.
 *
 * @param trustAnchors PEM certificates whose signers are trusted
 * @returns undefined if the file has none
 */
export async function readCredentials(
  path: string,
  mimeType: string,
  trustAnchors?: string,
): Promise<Credentials | undefined> {
  if (!(await containsBytes(path, MANIFEST_STORE))) return undefined
  const { size } = await stat(path)
  if (size > MAX_BYTES) return unread(`the file is larger than ${MAX_BYTES / 1024 ** 2} MiB`)
  await load()
  try {
    using reader = await WasmReader.fromBytes(mimeType, await readFile(path), settings(trustAnchors))
    const checked = store.safeParse(JSON.parse(reader.json()))
    return checked.success ? credentialsOf(checked.data) : unread('its manifest has an unknown shape')
  } catch (error) {
    // Bytes that look like credentials may be something else, such as a thumbnail inside a document.
    if (/JumbfNotFound/.test(String(error))) return undefined
    return unread(String(error))
  }
}

let loading: Promise<unknown> | undefined
function load(): Promise<unknown> {
  const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')
  return (loading ??= readFile(path).then((bytes) => init({ module_or_path: bytes })))
}

function settings(trustAnchors: string | undefined): string {
  return JSON.stringify({
    verify: { verify_trust: true, remote_manifest_fetch: false, ocsp_fetch: false },
    ...(trustAnchors && { trust: { trust_anchors: trustAnchors } }),
  })
}

function unread(reason: string): Credentials {
  return { sourceTypes: [], facts: { state: 'unreadable', summary: textFact(`unreadable: ${reason}`)! } }
}

function credentialsOf(read: Store): Credentials {
  const active = read.manifests[read.active_manifest ?? '']
  const actions = Object.values(read.manifests).flatMap(actionsOf)
  const codes = [...new Set((read.validation_status ?? []).map(({ code }) => textFact(code) ?? ''))].filter(
    (code) => code !== '' && code !== UNTRUSTED,
  )
  const state = read.validation_state === 'Invalid' || active === undefined ? 'invalid' : 'valid'
  const isTrusted = read.validation_state === 'Trusted'
  return {
    sourceTypes: actions
      .flatMap(({ digitalSourceType }) => textFact(digitalSourceType) ?? [])
      .slice(0, MAX_LISTED),
    facts: {
      state,
      isTrusted,
      summary: summaryOf(state, isTrusted, codes),
      codes: codes.slice(0, MAX_LISTED),
      ...(active && manifestFacts(active)),
      actions: actions.slice(0, MAX_LISTED).map(actionFacts),
      manifestCount: Object.keys(read.manifests).length,
    },
  }
}

/** A valid signature alone says only that nothing changed since somebody signed: anyone can make a certificate. */
function summaryOf(state: string, isTrusted: boolean, codes: readonly string[]): string {
  if (state === 'invalid') return `invalid: ${codes.slice(0, 5).join(', ') || 'no manifest is active'}`
  return isTrusted ? 'valid, signer on a trust list' : 'valid, signer not on a trust list'
}

function manifestFacts({
  title,
  claim_generator_info,
  claim_generator,
  signature_info,
  ingredients,
}: Manifest): JsonObject {
  const [generator] = claim_generator_info ?? []
  const named = generator && [generator.name, generator.version].filter(Boolean).join(' ')
  return compactFacts({
    title: textFact(title),
    generator: textFact(named ?? claim_generator),
    signer: textFact(signature_info?.common_name),
    issuer: textFact(signature_info?.issuer),
    algorithm: textFact(signature_info?.alg),
    signedAt: textFact(signature_info?.time),
    ingredientCount: (ingredients ?? []).length,
  })
}

function actionsOf({ assertions }: Manifest): Action[] {
  return (assertions ?? [])
    .filter(({ label }) => /^c2pa\.actions(?:$|[._])/.test(label))
    .flatMap(({ data }) => z.object({ actions: z.array(z.unknown()) }).safeParse(data).data?.actions ?? [])
    .flatMap((one) => action.safeParse(one).data ?? [])
}

function actionFacts({ action: name, when, softwareAgent, digitalSourceType }: Action): JsonObject {
  const agent = typeof softwareAgent === 'object' ? softwareAgent.name : softwareAgent
  return compactFacts({
    action: textFact(name),
    when: textFact(when),
    softwareAgent: textFact(agent),
    digitalSourceType: textFact(digitalSourceType),
  })
}
