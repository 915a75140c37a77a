import type { Ref } from 'react'
import type { Layout } from './layout.ts'
import type { PageStore } from './page-store.ts'
import type { Selection } from './use-selection.ts'
import type { TallScroller } from './use-tall-scroll.ts'
import type { Month } from './use-timeline.ts'

export interface GridProps {
  /** The scrolling element. */
  readonly ref: Ref<HTMLDivElement>
  readonly months: readonly Month[]
  readonly layout: Layout
  readonly scroller: TallScroller
  readonly store: PageStore
  readonly selection: Selection
  /** Position to start at: the item viewed last. */
  readonly startAt: number | undefined
  readonly addressOf: (id: string) => string
  readonly onOpen: (id: string, index: number) => void
  /** Selects everything between two positions of the gallery. */
  readonly onExtend: (from: number, to: number) => void
}
