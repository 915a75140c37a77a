import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps } from 'react-aria-components'
import styles from './button.module.css'

export interface Props extends Omit<ButtonProps, 'className' | 'style'> {
  readonly tone?: 'primary' | 'plain' | 'quiet'
}

export function Button({ tone = 'plain', ...props }: Props): ReactNode {
  return <AriaButton {...props} className={styles['button']!} data-tone={tone} />
}
