import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { sha256 } from './digest.ts'

/** The installation's Ed25519 key. */
export interface SigningKey {
  readonly publicKey: PublicKey
  sign(data: Uint8Array): Buffer
}

export interface PublicKey {
  /** SHA-256 of `der`, in hex: people compare and write down this. */
  readonly fingerprint: string
  /** SubjectPublicKeyInfo. */
  readonly der: Buffer
  verify(data: Uint8Array, signature: Uint8Array): boolean
}

/** Creates a key, as the text in which it is kept: PKCS #8 in base64. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
}

/** @throws Error if the text is not a key made by `newSigningKey` */
export function openSigningKey(text: string): SigningKey {
  const key = createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' })
  return { publicKey: publicKeyOf(createPublicKey(key)), sign: (data) => sign(null, data, key) }
}

/** @throws Error if the bytes are not an Ed25519 public key */
export function openPublicKey(der: Uint8Array): PublicKey {
  return publicKeyOf(createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' }))
}

function publicKeyOf(key: KeyObject): PublicKey {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`Custody keys are Ed25519 keys, not ${key.asymmetricKeyType}.`)
  const der = key.export({ format: 'der', type: 'spki' })
  return {
    fingerprint: sha256(der).toString('hex'),
    der,
    verify: (data, signature) => verify(null, data, key, signature),
  }
}
