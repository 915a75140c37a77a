export function Imports(): React.ReactNode {
  return <h1>Imports</h1>
}
