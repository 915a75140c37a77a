import { MediaDetailDocument } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { Link } from 'wouter'
import { Button } from '../ui/button.tsx'
import { Choices, Dialog } from '../ui/dialog.tsx'
import { dateWords, sizeWords } from '../ui/words.ts'
import styles from './comparison.module.css'
import type { MediaDetail } from './media-detail.ts'

/** Shows two media side by side, and where their facts differ. */
export function Comparison({
  item,
  otherId,
  nearness,
  onClose,
}: {
  readonly item: MediaDetail
  readonly otherId: string
  /** `nearly the same, 3 bits of 64 apart` */
  readonly nearness: string
  readonly onClose: () => void
}): ReactNode {
  const [{ data, error }] = useQuery({ query: MediaDetailDocument, variables: { id: otherId } })
  const other = data?.mediaItem
  const rows = other ? factsOf(item).map((fact, n) => [fact, factsOf(other)[n]!] as const) : []
  return (
    <Dialog title={`Side by side: ${nearness}`} width="wide" onClose={onClose}>
      {error && <p role="alert">The other item could not be loaded.</p>}
      <table className={styles['comparison']}>
        <thead>
          <tr>
            <td />
            <Side item={item} name="This one" />
            <Side item={other ?? undefined} name="The other" onFollow={onClose} />
          </tr>
        </thead>
        <tbody>
          {rows.map(([[name, here], [, there]]) => (
            <tr key={name} data-differs={here !== there}>
              <th scope="row">{name}</th>
              <td>{here}</td>
              <td>{there}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Choices>
        <Button tone="primary" onPress={onClose}>
          Close
        </Button>
      </Choices>
    </Dialog>
  )
}

function Side({
  item,
  name,
  onFollow,
}: {
  readonly item: MediaDetail | undefined
  readonly name: string
  readonly onFollow?: () => void
}): ReactNode {
  return (
    <th scope="col">
      <div className={styles['picture']}>{item?.largeUrl && <img src={item.largeUrl} alt="" />}</div>
      {item && onFollow ? (
        <Link href={`/items/${item.id}`} onClick={onFollow}>
          {name}
        </Link>
      ) : (
        name
      )}
    </th>
  )
}

function factsOf(item: MediaDetail): readonly (readonly [string, string])[] {
  return [
    ['Author', item.post.authorUsername ?? '–'],
    ['Posted', dateWords(item.post.postedAt)],
    ['Pixels', item.width && item.height ? `${item.width} × ${item.height}` : '–'],
    ['Format', item.mimeType ?? '–'],
    ['Size', sizeWords(item.fileSize) ?? '–'],
    ['SHA-256', item.sha256Sum ? `${item.sha256Sum.slice(0, 16)}…` : '–'],
  ]
}
