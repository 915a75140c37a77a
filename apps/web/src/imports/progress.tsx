import type { RunCountsFragment } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { ProgressBar } from 'react-aria-components'
import { Bar } from '../ui/bar.tsx'

export function Progress({ run }: { readonly run: RunCountsFragment }): ReactNode {
  const share = run.bytesTotal > 0 ? run.bytesRead / run.bytesTotal : 0
  return (
    <ProgressBar aria-label="Read of the files" value={share * 100}>
      <Bar share={share} />
    </ProgressBar>
  )
}
