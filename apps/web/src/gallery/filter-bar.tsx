import { Search, SlidersHorizontal, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Input, SearchField } from 'react-aria-components'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { useTyped } from '../ui/use-typed.ts'
import { STATUS_WORDS } from '../ui/words.ts'
import { conditionsOf, ROLE_WORDS } from './conditions.ts'
import {
  FATES,
  KINDS,
  ORDER_NAMES,
  readFields,
  STATUSES,
  type FilterFields,
  type OrderName,
} from './filters.ts'
import styles from './filter-bar.module.css'

const ORDER_WORDS: Record<OrderName, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  arrived: 'As they arrived',
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
      {isOpen && <Conditions fields={fields} onChange={onChange} />}
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

function Conditions({ fields, onChange }: Props): ReactNode {
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
        label="Show"
        value={fields.role}
        options={[['', 'content of posts'], ...Object.entries(ROLE_WORDS)]}
        onChange={change('role')}
      />
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
        label="Download"
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
      <TypedField label="Author’s user name" value={fields.author} onChange={change('author')} />
      <TypedField label="Platform" value={fields.platform} onChange={change('platform')} />
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

function TypedField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const [typed, setTyped] = useTyped(value, onChange)
  return <Field label={label} value={typed} onChange={setTyped} />
}
