import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import init, { WasmBuilder } from '@contentauth/c2pa-wasm'
import * as x509 from '@peculiar/x509'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const RESERVED_BYTES = 4096
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4'

export interface SignedPicture {
  readonly bytes: Buffer
  /** PEM of the authority that issued the signer's certificate. */
  readonly authority: string
}

/** Signs a JPEG with a certificate of an invented authority, as a camera or an editor would. */
export async function signPicture(jpeg: Buffer, actions: readonly object[]): Promise<SignedPicture> {
  const path = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')
  await init({ module_or_path: await readFile(path) })
  const { chain, key, authority } = await makeCertificates()
  const definition = {
    claim_generator_info: [{ name: 'Invented camera', version: '2' }],
    title: 'sunrise.jpg',
    assertions: [{ label: 'c2pa.actions.v2', data: { actions } }],
  }
  using builder = WasmBuilder.fromJson(JSON.stringify(definition))
  const signer = {
    alg: 'es256',
    reserveSize: RESERVED_BYTES,
    sign: (bytes: Uint8Array) => signClaim(bytes, chain, key),
  }
  provideFileReader()
  const blob = new BytesBlob(jpeg) as unknown as Blob
  return { bytes: Buffer.from(await builder.sign(signer, [], 'image/jpeg', blob)), authority }
}

async function makeCertificates(): Promise<{ chain: Buffer[]; key: webcrypto.CryptoKey; authority: string }> {
  x509.cryptoProvider.set(webcrypto as never)
  const makeKeys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const [issuerKeys, keys] = [await makeKeys(), await makeKeys()]
  const dates = { notBefore: new Date(Date.now() - 86_400_000), notAfter: new Date(Date.now() + 86_400_000) }
  const issuer = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: '01',
    name: 'CN=Invented authority, O=Invented',
    signingAlgorithm: ALGORITHM,
    keys: issuerKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(issuerKeys.publicKey),
    ],
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: '02',
    subject: 'CN=Invented signer, O=Invented',
    issuer: issuer.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: issuerKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([EMAIL_PROTECTION], false),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const chain = [leaf, issuer].map(({ rawData }) => Buffer.from(rawData))
  return { chain, key: keys.privateKey, authority: issuer.toString('pem') }
}

/** Makes a COSE_Sign1 (RFC 9052) with a detached claim, padded to the reserved size. */
async function signClaim(
  claim: Uint8Array,
  chain: readonly Buffer[],
  key: webcrypto.CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const ES256 = -7
  const X5CHAIN = 33
  const headers = cbor(
    new Map<unknown, unknown>([
      [1, ES256],
      [X5CHAIN, chain],
    ]),
  )
  const signature = Buffer.from(
    await webcrypto.subtle.sign(
      ALGORITHM,
      key,
      cbor(['Signature1', headers, Buffer.alloc(0), Buffer.from(claim)]),
    ),
  )
  const sign1 = (padding: number): Buffer =>
    Buffer.concat([
      Buffer.of(0xd2),
      cbor([headers, new Map([['pad', Buffer.alloc(padding)]]), null, signature]),
    ])
  let padding = RESERVED_BYTES - sign1(0).length
  while (sign1(padding).length > RESERVED_BYTES) padding--
  return new Uint8Array(sign1(padding))
}

/** The few kinds of CBOR (RFC 8949) that a signature needs. */
function cbor(value: unknown): Buffer {
  if (value === null) return Buffer.of(0xf6)
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)])
  const entries = [...(value as Map<unknown, unknown>)]
  return Buffer.concat([head(5, entries.length), ...entries.flat().map(cbor)])
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.of((major << 5) | argument)
  if (argument < 256) return Buffer.of((major << 5) | 24, argument)
  return Buffer.of((major << 5) | 25, argument >> 8, argument & 0xff)
}

/** The library's writer reads a Blob through FileReaderSync, which only browsers have. */
class BytesBlob {
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
  get size(): number {
    return this.bytes.length
  }
  slice(start: number, end: number): BytesBlob {
    return new BytesBlob(this.bytes.subarray(start, end))
  }
}

function provideFileReader(): void {
  const reader = class {
    readAsArrayBuffer = (blob: BytesBlob): ArrayBuffer => new Uint8Array(blob.bytes).buffer
  }
  Object.assign(globalThis, { FileReaderSync: reader })
}
