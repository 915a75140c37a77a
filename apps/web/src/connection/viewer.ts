import { ViewerDocument, type ViewerQuery } from '@mediakeep/client'
import { useQuery } from 'urql'

export type Viewer = ViewerQuery['viewer']
type Scope = Viewer['scopes'][number]

/** Returns the user and what their token allows; undefined until known, and without a valid token. */
export function useViewer(): Viewer | undefined {
  const [{ data }] = useQuery({ query: ViewerDocument, variables: {} })
  return data?.viewer
}

/** True if the token allows something, so that the console does not offer what would be refused. */
export function useAllows(scope: Scope): boolean {
  const viewer = useViewer()
  return viewer !== undefined && allows(viewer, scope)
}

export function allows({ scopes }: Viewer, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin')
}
