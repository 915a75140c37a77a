export function ImportRun({ id }: { readonly id: string }): React.ReactNode {
  return <h1>Import {id}</h1>
}
