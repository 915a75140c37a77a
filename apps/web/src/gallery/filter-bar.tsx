import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import { useTyped } from '../ui/use-typed.ts'
import { conditionsOf } from './conditions.ts'
import { FilterPanel } from './filter-panel.tsx'
import { readFields, type FilterFields } from './filters.ts'
import styles from './filter-bar.module.css'

export function FilterBar({
  fields,
  onChange,
  summary,
}: {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
  readonly summary: string
}): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <search className={styles['bar']}>
      <div className={styles['line']}>
        <SearchBox value={fields.q} onChange={(q) => onChange({ ...fields, q })} />
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          <SlidersHorizontal size={16} aria-hidden />
          Filter
        </Button>
        <p className={styles['summary']} role="status">
          {summary}
        </p>
      </div>
      {isOpen && <FilterPanel fields={fields} onChange={onChange} />}
      <Chosen fields={fields} onChange={onChange} />
    </search>
  )
}

interface Props {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
}

/** Shows the active conditions, even while their fields are closed; a press removes one. */
function Chosen({ fields, onChange }: Props): ReactNode {
  const conditions = conditionsOf(fields)
  if (conditions.length === 0) return null
  const none = { ...readFields(''), q: fields.q, order: fields.order }
  return (
    <ul className={styles['chosen']} aria-label="Conditions">
      {conditions.map(({ words, without }) => (
        <li key={words}>
          <Button onPress={() => onChange({ ...fields, ...without })} aria-label={`No longer only: ${words}`}>
            {words}
            <X size={14} aria-hidden />
          </Button>
        </li>
      ))}
      {conditions.length > 1 && (
        <li>
          <Button tone="quiet" onPress={() => onChange(none)}>
            Clear all
          </Button>
        </li>
      )}
    </ul>
  )
}

function SearchBox({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const [typed, setTyped] = useTyped(value, onChange)
  return (
    <SearchField
      className={styles['search']!}
      aria-label="Search posts, captions and the text in pictures"
      value={typed}
      onChange={setTyped}
      onSubmit={onChange}
    >
      <Search size={18} aria-hidden />
      <Input placeholder="Search posts, captions, text in pictures" />
    </SearchField>
  )
}
