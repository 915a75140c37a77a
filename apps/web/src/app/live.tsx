import type { MediaTileFragment } from '@mediakeep/client'
import { useEffect } from 'react'

export interface MediaEvent {
  readonly media: Partial<MediaTileFragment> & { readonly id: string }
  readonly isNew: boolean
}

export function useMediaEvents(listener: (events: readonly MediaEvent[]) => void): void {
  useEffect(() => undefined, [listener])
}
