export function Item({ id }: { readonly id: string }): React.ReactNode {
  return <h1>Item {id}</h1>
}
