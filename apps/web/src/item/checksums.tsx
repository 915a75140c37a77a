import { Check, Copy } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import styles from './checksums.module.css'
import cards from './item.module.css'
import type { MediaDetail } from './media-detail.ts'

export function Checksums({ item }: { readonly item: MediaDetail }): ReactNode {
  if (item.sha256Sum === null) return null
  return (
    <section className={cards['card']}>
      <h2>Checksums</h2>
      <dl className={styles['sums']}>
        <Sum name="SHA-256" value={item.sha256Sum} />
        {item.md5Sum && <Sum name="MD5" value={item.md5Sum} />}
      </dl>
      {item.attestedHash && <p>{attestedWords(item.attestedHash)}</p>}
    </section>
  )
}

function attestedWords({ algorithm, value, matches }: NonNullable<MediaDetail['attestedHash']>): string {
  const name = algorithm === 'SHA256' ? 'SHA-256' : 'MD5'
  if (matches === true) return `The source states the same ${name}.`
  if (matches === null) return `The source states the ${name} ${value}.`
  return `The source states another ${name}: ${value}. The stored file is not byte for byte the one that it describes.`
}

function Sum({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
    setTimeout(() => setCopied(false), 1_500)
  }
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{value}</code>
        <Button
          tone="quiet"
          aria-label={isCopied ? `${name} copied` : `Copy the ${name}`}
          onPress={() => void copy()}
        >
          {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        </Button>
      </dd>
    </div>
  )
}
