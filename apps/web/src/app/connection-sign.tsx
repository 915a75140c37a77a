import type { ConnectionState } from '@mediakeep/client'
import type { ReactNode } from 'react'
import { useApi } from './api.tsx'
import styles from './connection-sign.module.css'

const WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting …',
  live: 'Live',
  lost: 'Connection lost, trying again …',
}

export function ConnectionSign(): ReactNode {
  const { connection } = useApi()
  return (
    <p className={styles['sign']} data-state={connection} role="status">
      {WORDS[connection]}
    </p>
  )
}
