import type { ReactNode } from 'react'
import { dateWords } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import styles from './item.module.css'

export function PostCard({ post }: { readonly post: MediaDetail['post'] }): ReactNode {
  return (
    <section className={styles['card']}>
      <h2>{post.authorUsername ?? 'Unknown author'}</h2>
      <p className={styles['muted']}>
        {[post.platform, post.postType, dateWords(post.postedAt)].filter(Boolean).join(' · ')}
      </p>
      {post.textContent && (
        <p className={styles['text']} tabIndex={0} role="region" aria-label="Text of the post">
          {post.textContent}
        </p>
      )}
      {post.url && isWeb(post.url) && (
        <a href={post.url} target="_blank" rel="noreferrer noopener">
          Open the post
        </a>
      )}
    </section>
  )
}

/** Posts come from strangers: a link in one may be a script. */
function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url)
}
