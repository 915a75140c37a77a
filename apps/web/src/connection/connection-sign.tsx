import type { ReactNode } from 'react'
import { useApi } from './api.tsx'
import styles from './connection-sign.module.css'
import type { Connection } from './follow-changes.ts'

const WORDS: Record<Connection, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost, trying again …',
  'signed-out': 'Not signed in',
  forbidden: 'Not live: your token does not allow it',
}

export function ConnectionSign(): ReactNode {
  const { connection } = useApi()
  return (
    <p className={styles['sign']} data-state={connection} role="status">
      {WORDS[connection]}
    </p>
  )
}
