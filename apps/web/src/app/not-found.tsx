import { Link } from 'wouter'
import { Notice } from '../ui/notice.tsx'

export function NotFound(): React.ReactNode {
  return (
    <Notice isPage title="There is nothing at this address">
      <Link href="/">Go to the gallery</Link>
    </Notice>
  )
}
