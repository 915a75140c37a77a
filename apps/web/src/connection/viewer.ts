import { ViewerDocument, type ViewerQuery } from '@mediakeep/client'
import { useQuery } from 'urql'

export type Viewer = ViewerQuery['viewer']
type Scope = Viewer['scopes'][number]

/** The user, and what their token allows. Undefined until it is known, and where there is no valid token. */
export function useViewer(): Viewer | undefined {
  const [{ data }] = useQuery({ query: ViewerDocument, variables: {} })
  return data?.viewer
}

/** Tells whether the token allows something, so that what would be refused is not offered. */
export function useAllows(scope: Scope): boolean {
  const viewer = useViewer()
  return viewer !== undefined && allows(viewer, scope)
}

export function allows({ scopes }: Viewer, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin')
}
