import { buffer } from 'node:stream/consumers'
import type { Container, Member } from './container.ts'

function membersOf(container: Container): Member[] {
  return Array.from({ length: container.memberCount }, (_, index) => container.member(index))
}

export function pathsIn(container: Container): string[] {
  return membersOf(container).map(({ path }) => path)
}

export async function textOf(member: Member | undefined): Promise<string> {
  return (await buffer(member!.open())).toString()
}

/** The code of the error that reading the member ends with. */
export async function failureOf(member: Member | undefined): Promise<unknown> {
  try {
    await buffer(member!.open())
    return undefined
  } catch (error) {
    return (error as { code?: unknown }).code
  }
}
