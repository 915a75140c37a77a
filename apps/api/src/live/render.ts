import { formatCursor } from '@mediakeep/events'
import { execute, GraphQLError, type ExecutionArgs, type ExecutionResult } from 'graphql'
import { AnswerBudget } from '../graphql/context/answer-budget.ts'
import { Batches } from '../graphql/context/batch.ts'
import type { Frame } from './frames.ts'
import type { Framing } from './framing.ts'
import type { LiveChange, Topic } from './opening.ts'
import { isTransient } from './transient.ts'

export interface RenderOptions {
  readonly args: ExecutionArgs
  readonly topic: Topic
  readonly framing: Framing
  readonly maskError: (error: unknown) => GraphQLError
}

/**
 * Executes an operation for each change, and serialises each result once for all its clients. The database reads of
 * all changes are batched.
 *
 * @throws the database error when it is transient
 */
export async function render(options: RenderOptions, changes: readonly LiveChange[]): Promise<Frame[]> {
  const { args, topic, framing } = options
  const shared = { ...(args.contextValue as object), batches: new Batches() }
  const results = await Promise.all(
    changes.map(async (change) =>
      execute({ ...args, contextValue: { ...shared, budget: new AnswerBudget() }, rootValue: change }),
    ),
  )
  return results.map((result, n) => {
    const change = changes[n]!
    const json = JSON.stringify(told(result, options.maskError))
    return {
      cursor: change.cursor,
      bytes: Buffer.from(framing.result(json, formatCursor(change.cursor))),
      isLast: topic.isLast(change),
    }
  })
}

function told({ data, errors }: ExecutionResult, mask: RenderOptions['maskError']): ExecutionResult {
  if (!errors) return { data: data ?? null }
  // Results are never sent again, so a brief database outage must not become part of one.
  const transient = errors.find(({ originalError }) => isTransient(originalError))
  if (transient) throw transient.originalError!
  return { errors: errors.map(mask), data: data ?? null }
}
