import type { ReactNode } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import styles from './field.module.css'

export function Field({
  label,
  value,
  onChange,
  type = 'text',
  autoFocus = false,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'search' | 'password' | 'date'
  readonly autoFocus?: boolean
}): ReactNode {
  return (
    <TextField
      className={styles['field']!}
      value={value}
      onChange={onChange}
      type={type}
      autoFocus={autoFocus}
    >
      <Label>{label}</Label>
      <Input />
    </TextField>
  )
}
