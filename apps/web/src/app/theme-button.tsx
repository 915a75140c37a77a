import { Moon, Sun, SunMoon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { useTheme, type Theme } from './theme.ts'

const THEMES: Record<Theme, { readonly label: string; readonly icon: typeof Sun; readonly next: Theme }> = {
  system: { label: 'Colours: as the system', icon: SunMoon, next: 'light' },
  light: { label: 'Colours: light', icon: Sun, next: 'dark' },
  dark: { label: 'Colours: dark', icon: Moon, next: 'system' },
}

export function ThemeButton(): ReactNode {
  const [theme, setTheme] = useTheme()
  const { label, icon: Icon, next } = THEMES[theme]
  return (
    <Button tone="quiet" aria-label={label} onPress={() => setTheme(next)}>
      <Icon size={18} aria-hidden />
    </Button>
  )
}
