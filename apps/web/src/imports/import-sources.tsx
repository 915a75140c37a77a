import { ImportPostsDocument } from '@mediakeep/client'
import { Upload } from 'lucide-react'
import { useState, type ReactNode, type SyntheticEvent } from 'react'
import {
  DropZone,
  FileTrigger,
  isDirectoryDropItem,
  isFileDropItem,
  type DropItem,
  type FileDropItem,
} from 'react-aria-components'
import { useLocation } from 'wouter'
import { useApi } from '../connection/api.tsx'
import { errorMessage } from '../connection/error-message.ts'
import { allows, useViewer } from '../connection/viewer.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { useToasts } from '../ui/toasts.tsx'
import styles from './import-sources.module.css'

/** Offers to import posts if the user's token allows it. */
export function ImportSources({ onStarted }: { readonly onStarted: () => void }): ReactNode {
  const viewer = useViewer()
  if (!viewer) return null
  if (allows(viewer, 'import')) return <DropFiles onStarted={onStarted} />
  return (
    <p className={styles['refused']}>
      Your token does not allow importing. It takes one with the scope import.
    </p>
  )
}

function DropFiles({ onStarted }: { readonly onStarted: () => void }): ReactNode {
  const { client, askForToken } = useApi()
  const { say, complain } = useToasts()
  const [, navigate] = useLocation()
  const [isBusy, setBusy] = useState(false)
  const [path, setPath] = useState('')

  const start = async (name: string, source: { file: File } | { path: string }): Promise<void> => {
    try {
      const { importPosts } = await client.mutate(ImportPostsDocument, source)
      if (importPosts.__typename === 'ImportRun') {
        const { id } = importPosts
        say(`${name} is being imported.`, { label: 'Watch', act: () => navigate(`/imports/${id}`) })
      } else complain(`${name}: ${importPosts.message}`)
    } catch (error) {
      const { words, wantsToken } = errorMessage(error)
      complain(
        `${name}: ${words}`,
        wantsToken ? { label: 'Use another token', act: () => askForToken() } : undefined,
      )
    }
    onStarted()
  }
  const startAll = async (files: readonly File[]): Promise<void> => {
    setBusy(true)
    for (const file of files) await start(file.name, { file })
    setBusy(false)
  }
  const drop = (items: readonly DropItem[]): void => {
    for (const { name } of items.filter((item) => isDirectoryDropItem(item)))
      complain(`${name} is a folder. Drop it as a zip file, or import it on the command line.`)
    const files = items.filter((item): item is FileDropItem => isFileDropItem(item))
    void Promise.all(files.map((item) => item.getFile())).then(startAll)
  }
  const submitPath = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (path.trim() !== '') void start(path, { path: path.trim() }).then(() => setPath(''))
  }
  return (
    <div className={styles['sources']}>
      <DropZone
        className={styles['zone']!}
        aria-label="Drop exports of posts here"
        getDropOperation={() => 'copy'}
        onDrop={({ items }) => drop(items)}
      >
        <Upload size={28} aria-hidden />
        <p role="status">
          {isBusy ? 'Sending …' : 'Drop exports of posts here: zip archives, JSON or other files of them'}
        </p>
        {/* Any file may be chosen: formats of plugins have endings that nobody knows here. */}
        <FileTrigger allowsMultiple onSelect={(files) => void startAll([...(files ?? [])])}>
          <Button isDisabled={isBusy}>Choose files</Button>
        </FileTrigger>
      </DropZone>
      <form className={styles['path']} onSubmit={submitPath}>
        <Field label="Or a path on the server, below its import folder" value={path} onChange={setPath} />
        <Button type="submit">Import</Button>
      </form>
    </div>
  )
}
