import type { ThrownByJob } from './sandbox-error.ts'

/** Messages from a child: first that its module is loaded, or why not; then one answer per job, in order. */
export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly thrown: ThrownByJob }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'thrown'; readonly thrown: ThrownByJob }

export interface ToChild {
  readonly job: unknown
}
