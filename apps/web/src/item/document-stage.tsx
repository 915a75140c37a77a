import { FileText } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { sizeWords } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import { OpenFile } from './player-stage.tsx'
import styles from './stage.module.css'

/**
 * Shows a document's first page, and opens the rest in a tab of its own: documents of strangers are served in a sandbox,
 * where no page may embed them.
 */
export function DocumentStage({ item }: { readonly item: MediaDetail }): ReactNode {
  const [hasPage, setHasPage] = useState(item.largeUrl !== null)
  return (
    <div className={styles['stage']}>
      <figure className={styles['document']}>
        {hasPage ? (
          <img src={item.largeUrl!} alt="The first page" onError={() => setHasPage(false)} />
        ) : (
          <FileText size={64} strokeWidth={1} aria-hidden />
        )}
        <figcaption>
          <OpenFile item={item}>Open the document</OpenFile>
          <p>{[item.mimeType, sizeWords(item.fileSize)].filter(Boolean).join(', ')}</p>
        </figcaption>
      </figure>
    </div>
  )
}
