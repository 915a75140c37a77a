import { SchemaStateDocument, type SchemaStateQuery } from '@mediakeep/client'
import { CircleAlert, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { errorMessage } from '../connection/error-message.ts'
import { useAllows } from '../connection/viewer.ts'
import { Button } from '../ui/button.tsx'
import { countWords } from '../ui/words.ts'
import overview from './overview.module.css'
import styles from './schema-state.module.css'

type Check = SchemaStateQuery['schemaVerification']['checks'][number]

/** Compares the database with the schema that the code expects. Only operators may see it. */
export function SchemaState(): ReactNode {
  const mayOperate = useAllows('operate')
  const [{ data, error, fetching }, execute] = useQuery({
    query: SchemaStateDocument,
    variables: {},
    requestPolicy: 'network-only',
    pause: !mayOperate,
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
      {error && <p role="alert">The check failed: {errorMessage(error).words}</p>}
      {state && (
        <p className={styles['verdict']} data-tone={state.ok ? 'good' : 'bad'} role="status">
          {state.ok ? <CircleCheck size={20} aria-hidden /> : <CircleAlert size={20} aria-hidden />}
          {state.ok
            ? `Up to date: ${countWords(state.checkCount, 'check')} passed`
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
              <summary>How to fix it</summary>
              <pre>{check.mend}</pre>
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}
