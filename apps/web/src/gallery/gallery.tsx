export function Gallery(): React.ReactNode {
  return <h1>Gallery</h1>
}
