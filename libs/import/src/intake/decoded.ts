import { ContainerError, type Member } from '@mediakeep/containers'
import type { FileRule } from '@mediakeep/plugin-api'
import { rawValueOf, type RawValue } from '../raw-value.ts'
import { openMember } from './open-member.ts'

/**
 * The items of a file that only its format can read.
 *
 * @throws ContainerError with the reason of the format's decoder, or the file system's error
 */
export async function* decodedItems(
  member: Member,
  { decode }: FileRule,
  signal?: AbortSignal,
): AsyncGenerator<RawValue[], void, undefined> {
  let index = 0
  try {
    for await (const item of decode!(openMember(member, signal))) yield [rawValueOf(item, index++)]
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof ContainerError || isOfSystem(cause)) throw cause
    throw new ContainerError('damaged', cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function isOfSystem(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined
}
