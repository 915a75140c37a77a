import { useId, type ReactNode } from 'react'
import styles from './checkbox.module.css'

export function Checkbox({
  label,
  isSelected,
  onChange,
}: {
  readonly label: string
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
}): ReactNode {
  const id = useId()
  return (
    <div className={styles['checkbox']}>
      <input
        id={id}
        type="checkbox"
        checked={isSelected}
        onChange={(event) => onChange(event.target.checked)}
      />
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
