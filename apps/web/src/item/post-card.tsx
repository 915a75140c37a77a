import type { ReactNode } from 'react'
import { dateWords } from '../ui/words.ts'
import type { MediaDetail } from './media-detail.ts'
import { isSought } from './recognised-words.ts'
import styles from './item.module.css'

export function PostCard({
  post,
  sought,
}: {
  readonly post: MediaDetail['post']
  /** Search words to mark in the text. */
  readonly sought: string
}): ReactNode {
  return (
    <section className={styles['card']}>
      <h2>{post.authorUsername ?? post.authorName ?? 'Unknown author'}</h2>
      <p className={styles['muted']}>
        {[post.authorUsername && post.authorName, post.platform, post.postType, dateWords(post.postedAt)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {post.textContent && (
        <p
          lang={post.language ?? undefined}
          className={styles['text']}
          tabIndex={0}
          role="region"
          aria-label="Text of the post"
        >
          {sought === '' ? post.textContent : marked(post.textContent, sought)}
        </p>
      )}
      {post.findings.map(({ code, message }) => (
        <p key={code} className={styles['muted']}>
          {message}
        </p>
      ))}
      {post.url && isWeb(post.url) && (
        <a href={post.url} target="_blank" rel="noreferrer noopener">
          Open the post
        </a>
      )}
    </section>
  )
}

/** Marks the words of a text that were searched for. */
function marked(text: string, sought: string): ReactNode {
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .map((word, n) => (n % 2 === 1 && isSought(word, sought) ? <mark key={n}>{word}</mark> : word))
}

/** Posts come from strangers: a link in one may be a script. */
function isWeb(url: string): boolean {
  return /^https?:\/\//i.test(url)
}
