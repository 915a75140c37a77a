import { lazy, Suspense } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { MediaActionsProvider } from '../actions/media-actions.tsx'
import { Gallery } from '../gallery/gallery.tsx'
import { ToastProvider } from '../ui/toasts.tsx'
import { ApiProvider } from '../connection/api.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { LiveProvider } from '../connection/live.tsx'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

const Item = lazy(async () => ({ default: (await import('../item/item.tsx')).Item }))
const Imports = lazy(async () => ({ default: (await import('../imports/imports.tsx')).Imports }))
const ImportRun = lazy(async () => ({ default: (await import('../imports/import-run.tsx')).ImportRun }))
const Overview = lazy(async () => ({ default: (await import('../overview/overview.tsx')).Overview }))

/** Each view but the first is its own chunk, so that users who only look at pictures load no charts. */
export function App(): React.ReactNode {
  return (
    <ApiProvider>
      <ToastProvider>
        <LiveProvider>
          <MediaActionsProvider>
            <Shell>
              <Views />
            </Shell>
          </MediaActionsProvider>
        </LiveProvider>
      </ToastProvider>
    </ApiProvider>
  )
}

/** When a view fails, the frame around it stays: the other views can still be opened. */
function Views(): React.ReactNode {
  const [path] = useLocation()
  return (
    <ErrorBoundary resetKey={path}>
      <Suspense>
        <Switch>
          <Route path="/" component={Gallery} />
          <Route path="/items/:id">{({ id }) => <Item id={id} />}</Route>
          <Route path="/imports" component={Imports} />
          <Route path="/imports/:id">{({ id }) => <ImportRun id={id} />}</Route>
          <Route path="/overview" component={Overview} />
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </ErrorBoundary>
  )
}
