import { startTransition, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { ErrorBoundary } from './app/error-boundary.tsx'
import { watchLoadFailures } from './app/load-failures.ts'

watchLoadFailures()

const root = createRoot(document.getElementById('root')!)
// In a transition, React renders in slices, so that the page stays responsive.
startTransition(() =>
  root.render(
    <StrictMode>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </StrictMode>,
  ),
)
