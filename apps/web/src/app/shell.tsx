import { Gauge, Images, Import } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { Link, useRoute } from 'wouter'
import { ConnectionSign } from '../connection/connection-sign.tsx'
import { SignOutButton } from '../connection/sign-out-button.tsx'
import styles from './shell.module.css'
import { Shortcuts } from './shortcuts.tsx'
import { ThemeButton } from './theme-button.tsx'
import { useRouteFocus } from './use-route-focus.ts'
import { useStrayDrops } from './use-stray-drops.ts'

const VIEWS = [
  { href: '/', pattern: /^\/(items\/.*)?$/, label: 'Gallery', icon: Images },
  { href: '/imports', pattern: /^\/imports/, label: 'Imports', icon: Import },
  { href: '/overview', pattern: /^\/overview/, label: 'Overview', icon: Gauge },
]

/** The frame around every view: a rail on wide screens, a bar at the bottom of narrow ones. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const main = useRef<HTMLElement>(null)
  useRouteFocus(main)
  useStrayDrops()
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#main">
        Skip to content
      </a>
      <header className={styles['rail']}>
        <Link href="/" className={styles['name']} aria-label="Mediakeep, to the gallery">
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Mediakeep</span>
        </Link>
        <nav className={styles['views']} aria-label="Views">
          {VIEWS.map((view) => (
            <ViewLink key={view.href} {...view} />
          ))}
        </nav>
        <div className={styles['state']}>
          <ConnectionSign />
          <SignOutButton />
          <Shortcuts />
          <ThemeButton />
        </div>
      </header>
      <main id="main" ref={main} className={styles['main']} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function ViewLink({ href, pattern, label, icon: Icon }: (typeof VIEWS)[number]): ReactNode {
  const [isHere] = useRoute(pattern)
  return (
    <Link href={href} className={styles['view']} aria-current={isHere ? 'page' : undefined}>
      <Icon size={20} aria-hidden />
      <span>{label}</span>
    </Link>
  )
}
