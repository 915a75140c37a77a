import { useId, type ReactNode } from 'react'
import styles from './field.module.css'

/** The browser's own select: it works best on phones, and every screen reader knows it. */
export function Select({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string
  readonly value: string
  /** Values and labels. */
  readonly options: readonly (readonly [string, string])[]
  readonly onChange: (value: string) => void
}): ReactNode {
  const id = useId()
  return (
    <div className={styles['field']}>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  )
}
