import type { ReactNode } from 'react'
import type { Selection } from './use-selection.ts'

export function SelectionBar({ selection }: { readonly selection: Selection }): ReactNode {
  return selection.ids.size > 0 ? <p>{selection.ids.size}</p> : null
}
