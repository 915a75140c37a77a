import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { STATUS_WORDS } from '../ui/words.ts'
import { conditionsOf } from './origins.ts'
import {
  countConditions,
  FATES,
  KINDS,
  ORDER_NAMES,
  STATUSES,
  type FilterFields,
  type OrderName,
} from './filters.ts'
import styles from './filter-bar.module.css'

/** After so long without a key, what was typed is searched. */
const TYPED_MS = 300

const ORDER_WORDS: Record<OrderName, string> = {
  newest: 'Newest posts first',
  oldest: 'Oldest posts first',
  arrived: 'Last arrived first',
}

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
  const conditions = countConditions(fields)
  return (
    <search className={styles['bar']}>
      <div className={styles['line']}>
        <SearchBox value={fields.q} onChange={(q) => onChange({ ...fields, q })} />
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          <SlidersHorizontal size={16} aria-hidden />
          Filter{conditions > 0 && ` (${conditions})`}
        </Button>
        <p className={styles['summary']} role="status">
          {summary}
        </p>
      </div>
      <Origins fields={fields} onChange={onChange} />
      {isOpen && <Conditions fields={fields} onChange={onChange} />}
    </search>
  )
}

/** The conditions that come from the overview: there is no field for them, so they can only be taken away. */
function Origins({
  fields,
  onChange,
}: {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
}): ReactNode {
  const conditions = conditionsOf(fields)
  if (conditions.length === 0) return null
  return (
    <ul className={styles['origins']} aria-label="Conditions from the overview">
      {conditions.map(({ words, without }) => (
        <li key={words}>
          <Button onPress={() => onChange({ ...fields, ...without })} aria-label={`No longer only: ${words}`}>
            {words}
            <X size={14} aria-hidden />
          </Button>
        </li>
      ))}
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
  const [typed, setTyped] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setTyped(value)
  }
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onChange(typed.trim()), TYPED_MS)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
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

function Conditions({
  fields,
  onChange,
}: {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
}): ReactNode {
  const change =
    (name: keyof FilterFields) =>
    (value: string): void =>
      onChange({ ...fields, [name]: value })
  const choices = (words: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] => [
    ['', 'Any'],
    ...words,
  ]
  return (
    <div className={styles['conditions']}>
      <Select
        label="Type"
        value={fields.type}
        options={choices(KINDS.map((kind) => [kind, kind]))}
        onChange={change('type')}
      />
      <Select
        label="Analysis"
        value={fields.status}
        options={choices(STATUSES.map((status) => [status, STATUS_WORDS[status]]))}
        onChange={change('status')}
      />
      <Select
        label="Fate"
        value={fields.fate}
        options={choices(FATES.map((fate) => [fate, fate]))}
        onChange={change('fate')}
      />
      <Select
        label="Archive"
        value={fields.archived}
        options={choices([
          ['yes', 'archived'],
          ['no', 'not archived'],
        ])}
        onChange={change('archived')}
      />
      <Field label="Author" value={fields.author} onChange={change('author')} />
      <Field label="Platform" value={fields.platform} onChange={change('platform')} />
      <Field label="Posted from" type="date" value={fields.from} onChange={change('from')} />
      <Field label="Posted to" type="date" value={fields.to} onChange={change('to')} />
      <Select
        label="Order"
        value={fields.order}
        options={ORDER_NAMES.map((name) => [name, ORDER_WORDS[name]])}
        onChange={change('order')}
      />
    </div>
  )
}
