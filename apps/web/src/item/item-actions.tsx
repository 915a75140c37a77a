import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import type { MediaDetail } from './item.tsx'

export function ItemActions({ item }: { readonly item: MediaDetail }): ReactNode {
  return item.url === null ? null : (
    <a href={item.url} download>
      <Download size={16} aria-hidden /> Download
    </a>
  )
}
