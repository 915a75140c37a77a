import {
  Archive,
  ArchiveRestore,
  Ban,
  Download,
  RefreshCw,
  ScanEye,
  ShieldCheck,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { useAllows } from '../connection/viewer.ts'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import styles from './action-buttons.module.css'
import {
  analyseAgain,
  archive,
  fetchAgain,
  reject,
  restore,
  unreject,
  verify,
  type MediaAction,
} from './actions.ts'
import { useMediaActions, type MediaActions } from './media-actions.tsx'
import { ACTION_NAMES, type ActionName } from './possible-actions.ts'
import { saveFiles } from './save-files.ts'

const RejectDialog = lazy(async () => ({ default: (await import('./reject-dialog.tsx')).RejectDialog }))

interface Choice {
  readonly name: ActionName
  readonly label: string
  readonly icon: LucideIcon
  readonly onPress: () => void
}

/** Offers the actions that can succeed and that the token allows. */
export function ActionButtons({
  mediaIds,
  possible = ACTION_NAMES_OF_MANY,
}: {
  readonly mediaIds: readonly string[]
  readonly possible?: ReadonlySet<ActionName>
}): ReactNode {
  const [isRejecting, setRejecting] = useState(false)
  const actions = useMediaActions()
  const mayOperate = useAllows('operate')
  const mayRead = useAllows('read')
  const items = countWords(mediaIds.length, 'item')
  const choices = choicesOf(actions, mediaIds, items, () => setRejecting(true)).filter(
    ({ name }) => possible.has(name) && (name === 'download' ? mayRead : mayOperate),
  )
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

/** For a selection, what each item allows is unknown: the report lists items that an action did not apply to. */
const ACTION_NAMES_OF_MANY: ReadonlySet<ActionName> = new Set(ACTION_NAMES)

function choicesOf(
  actions: MediaActions,
  mediaIds: readonly string[],
  items: string,
  onReject: () => void,
): readonly Choice[] {
  const start = (action: MediaAction) => (): void => actions.start(action, mediaIds)
  const analyse = (): void => actions.startLater(`Analysing ${items} again …`, analyseAgain, mediaIds)
  return [
    { name: 'archive', label: 'Archive', icon: Archive, onPress: start(archive) },
    { name: 'verify', label: 'Verify', icon: ShieldCheck, onPress: start(verify) },
    { name: 'analyse', label: 'Analyse again', icon: ScanEye, onPress: analyse },
    { name: 'restore', label: 'Restore', icon: ArchiveRestore, onPress: start(restore) },
    { name: 'fetch', label: 'Fetch again', icon: RefreshCw, onPress: start(fetchAgain) },
    { name: 'download', label: 'Download', icon: Download, onPress: start(saveFiles) },
    { name: 'reject', label: 'Reject …', icon: Ban, onPress: onReject },
    { name: 'unreject', label: 'Accept again', icon: Undo2, onPress: start(unreject) },
  ]
}
