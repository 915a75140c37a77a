import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import styles from './dialog.module.css'

export function Dialog({
  title,
  width = 'narrow',
  onClose,
  children,
}: {
  readonly title: string
  readonly width?: 'narrow' | 'wide'
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  return (
    <ModalOverlay
      className={styles['overlay']!}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className={styles['modal']!} data-width={width}>
        <AriaDialog className={styles['dialog']!}>
          <Heading slot="title">{title}</Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

/** The buttons at the bottom of a dialog. */
export function Choices({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['choices']}>{children}</div>
}
