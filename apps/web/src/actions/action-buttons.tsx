import {
  Archive,
  ArchiveRestore,
  Ban,
  Download,
  RefreshCw,
  ScanEye,
  ShieldCheck,
  type LucideIcon,
} from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useAllows } from '../connection/viewer.ts'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import styles from './action-buttons.module.css'
import { analyseAgain, archive, fetchAgain, reject, restore, verify } from './actions.ts'
import { useMediaActions, type MediaActions } from './media-actions.tsx'
import { saveFiles } from './save-files.ts'

const RejectDialog = lazy(async () => ({ default: (await import('./reject-dialog.tsx')).RejectDialog }))

interface Choice {
  readonly label: string
  readonly icon: LucideIcon
  readonly onPress: () => void
}

/** Offers the actions that the token allows. */
export function ActionButtons({ mediaIds }: { readonly mediaIds: readonly string[] }): ReactNode {
  const actions = useMediaActions()
  const [isRejecting, setRejecting] = useState(false)
  const mayOperate = useAllows('operate')
  const mayRead = useAllows('read')
  const items = countWords(mediaIds.length, 'item')
  const choices = [
    ...(mayOperate ? operations(actions, mediaIds, items) : []),
    ...(mayRead
      ? [{ label: 'Download', icon: Download, onPress: () => actions.start(saveFiles, mediaIds) }]
      : []),
    ...(mayOperate ? [{ label: 'Reject …', icon: Ban, onPress: () => setRejecting(true) }] : []),
  ]
  if (choices.length === 0) return null
  return (
    <div className={styles['actions']} role="group" aria-label="Actions">
      {choices.map(({ label, icon: Icon, onPress }) => (
        <Button key={label} tone="quiet" onPress={onPress}>
          <Icon size={18} aria-hidden />
          {label}
        </Button>
      ))}
      <Suspense>
        {isRejecting && (
          <RejectDialog
            items={items}
            onClose={() => setRejecting(false)}
            onReject={(reason) => actions.startLater(`Rejecting ${items} …`, reject(reason), mediaIds)}
          />
        )}
      </Suspense>
    </div>
  )
}

function operations(actions: MediaActions, mediaIds: readonly string[], items: string): Choice[] {
  const analyse = `Analysing ${items} again …`
  return [
    { label: 'Archive', icon: Archive, onPress: () => actions.start(archive, mediaIds) },
    { label: 'Verify', icon: ShieldCheck, onPress: () => actions.start(verify, mediaIds) },
    {
      label: 'Analyse again',
      icon: ScanEye,
      onPress: () => actions.startLater(analyse, analyseAgain, mediaIds),
    },
    { label: 'Restore', icon: ArchiveRestore, onPress: () => actions.start(restore, mediaIds) },
    { label: 'Fetch again', icon: RefreshCw, onPress: () => actions.start(fetchAgain, mediaIds) },
  ]
}
