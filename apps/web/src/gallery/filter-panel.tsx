import { AuthorsDocument } from '@mediakeep/client'
import { useDeferredValue, useId, useState, type ReactNode } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import { useQuery } from 'urql'
import { Field } from '../ui/field.tsx'
import fieldStyles from '../ui/field.module.css'
import { Select } from '../ui/select.tsx'
import { STATUS_WORDS } from '../ui/words.ts'
import { ROLE_WORDS } from './conditions.ts'
import styles from './filter-bar.module.css'
import { FATES, KINDS, ORDER_NAMES, STATUSES, toView, type FilterFields, type OrderName } from './filters.ts'
import { useFacets, type FacetCounts } from './use-facets.ts'

const ORDER_WORDS: Record<OrderName, string> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  arrived: 'As they arrived',
}

interface Props {
  readonly fields: FilterFields
  readonly onChange: (fields: FilterFields) => void
}

type Option = readonly [value: string, words: string]

/** Fields that narrow the gallery. Each choice says how many items it would show. */
export function FilterPanel({ fields, onChange }: Props): ReactNode {
  const facets = useFacets(toView(fields).filter)
  const change =
    (name: keyof FilterFields) =>
    (value: string): void =>
      onChange({ ...fields, [name]: value })
  const facet = (
    label: string,
    name: keyof FilterFields,
    words: readonly Option[],
    counts?: FacetCounts,
  ): ReactNode => (
    <Select
      label={label}
      value={fields[name]}
      options={[['', 'Any'], ...withCounts(words, counts, fields[name])]}
      onChange={change(name)}
    />
  )
  const named = (names: readonly string[]): Option[] => names.map((name) => [name, name])
  const platforms = [...(facets?.platforms.keys() ?? []), fields.platform].filter((name) => name !== '')
  return (
    <div className={styles['conditions']}>
      <Select
        label="Show"
        value={fields.role}
        options={[['', 'content of posts'], ...Object.entries(ROLE_WORDS)]}
        onChange={change('role')}
      />
      {facet('Type', 'type', named(KINDS), facets?.types)}
      {facet('Platform', 'platform', named([...new Set(platforms)]), facets?.platforms)}
      {facet('Download', 'fate', named(FATES), facets?.fates)}
      {facet(
        'Analysis',
        'status',
        STATUSES.map((status) => [status, STATUS_WORDS[status]]),
        facets?.statuses,
      )}
      <Select
        label="Archive"
        value={fields.archived}
        options={[
          ['', 'Any'],
          ['yes', 'archived'],
          ['no', 'not archived'],
        ]}
        onChange={change('archived')}
      />
      <AuthorField value={fields.author} onChange={change('author')} />
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

/** Adds counts to choices, and leaves out those that would show nothing, except for the current one. */
function withCounts(options: readonly Option[], counts: FacetCounts | undefined, current: string): Option[] {
  if (counts === undefined) return [...options]
  return options
    .filter(([value]) => counts.has(value) || value === current)
    .map(([value, words]) => [value, `${words} (${counts.get(value) ?? 0})`])
}

/** Completes user names while they are typed; a name is applied once it is whole, or on Enter or leaving the field. */
function AuthorField({
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
  const prefix = useDeferredValue(typed.trim())
  const [{ data }] = useQuery({ query: AuthorsDocument, variables: { prefix }, pause: prefix === '' })
  const authors = data?.authors ?? []
  const id = useId()
  const apply = (): void => {
    if (typed.trim() !== value) onChange(typed.trim())
  }
  return (
    <TextField
      className={fieldStyles['field']!}
      value={typed}
      onChange={(text) => {
        setTyped(text)
        if (text === '' || authors.includes(text)) onChange(text)
      }}
      onBlur={apply}
      onKeyDown={({ key }) => key === 'Enter' && apply()}
    >
      <Label>Author’s user name</Label>
      <Input list={id} autoComplete="off" />
      <datalist id={id}>
        {authors.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </TextField>
  )
}
