import { SchemaStateDocument, ViewerDocument, type SchemaStateQuery } from '@mediakeep/client'
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { errorMessage } from '../connection/error-message.ts'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import overview from './overview.module.css'
import styles from './schema-state.module.css'

type Check = SchemaStateQuery['schemaVerification']['checks'][number]

/** Whether the database is as the code believes; for operators, others do not see it. */
export function SchemaState(): ReactNode {
  const [{ data: who }] = useQuery({ query: ViewerDocument, variables: {} })
  const isOperator = who?.viewer.scopes.some((scope) => scope === 'operate' || scope === 'admin')
  const [{ data, error, fetching }, execute] = useQuery({
    query: SchemaStateDocument,
    variables: {},
    requestPolicy: 'network-only',
    pause: isOperator !== true,
  })
  if (!data && !error) return null
  const state = data?.schemaVerification
  return (
    <section className={overview['section']} aria-labelledby="schema">
      <div className={overview['heading']}>
        <h2 id="schema">Database schema</h2>
        <Button isDisabled={fetching} onPress={() => execute({ requestPolicy: 'network-only' })}>
          {fetching ? 'Checking …' : 'Check again'}
        </Button>
      </div>
      {error && <p role="alert">It could not be checked: {errorMessage(error).words}</p>}
      {state && (
        <p className={styles['verdict']} data-tone={state.ok ? 'good' : 'bad'} role="status">
          {state.ok ? <CircleCheck size={20} aria-hidden /> : <CircleAlert size={20} aria-hidden />}
          {state.ok
            ? `As it should be: ${countWords(state.checkCount, 'check')} passed`
            : `It has drifted: ${countWords(state.failureCount, 'check')} of ${state.checkCount.toLocaleString()} failed`}
          {state.warningCount > 0 && `, ${countWords(state.warningCount, 'warning')}`}
        </p>
      )}
      {state && state.checks.length > 0 && <Checks checks={state.checks} />}
    </section>
  )
}

function Checks({ checks }: { readonly checks: readonly Check[] }): ReactNode {
  return (
    <ul className={overview['list']}>
      {checks.map((check) => (
        <li key={check.object} className={styles['check']}>
          <p>
            <strong>{check.isError ? 'Failed' : 'Warning'}</strong>: <code>{check.object}</code>
          </p>
          <dl>
            <dt>Expected</dt>
            <dd>{check.expected}</dd>
            <dt>Found</dt>
            <dd>{check.actual}</dd>
          </dl>
          {check.mend && (
            <details>
              <summary>What would put it right</summary>
              <pre>{check.mend}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}
