export function Overview(): React.ReactNode {
  return <h1>Overview</h1>
}
