import type { Readable } from 'node:stream'

/** A file of a container. */
export interface Member {
  /** Path within the container, with `/`. Never absolute, never leads out. */
  readonly path: string
  /** After decompression; undefined when only reading tells it. */
  readonly byteSize: number | undefined
  /** Ascending in the order in which the container is read fastest. */
  readonly order: number
  /** Unix time in milliseconds, if the container states it without doubt. */
  readonly modifiedAt?: number
  /**
   * Returns the bytes. The stream fails with a ContainerError when they are not what the container promises: a wrong
   * checksum or size, more bytes than the limits allow, a truncated end.
   */
  open(signal?: AbortSignal): Readable
}

export type ProblemCode =
  | 'bomb'
  | 'damaged'
  | 'duplicate_name'
  | 'encrypted'
  | 'invalid_name'
  | 'overlap'
  | 'path_outside'
  | 'symbolic_link'
  | 'too_many_members'
  | 'truncated'
  | 'unsupported'
  | 'wrong_checksum'
  | 'wrong_size'

/** A member that is not read, and why. The others are. */
export interface RefusedMember {
  readonly path: string
  readonly code: ProblemCode
  readonly reason: string
}

/** A container or one of its members cannot be read as what it claims to be. */
export class ContainerError extends Error {
  override readonly name = 'ContainerError'
  readonly code: ProblemCode

  constructor(code: ProblemCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An export: its files by name. Members are sorted by path, so that a position among them is stable. */
export interface Container {
  readonly kind: 'folder' | 'zip' | 'file'
  /** On this machine. */
  readonly path: string
  readonly memberCount: number
  /** Decoding limits, unsafe names and damage refuse a member; at most 1,000 are listed. */
  readonly refused: readonly RefusedMember[]
  readonly refusedCount: number
  member(index: number): Member
  /** Finds a member by its exact path. */
  find(path: string): Member | undefined
  has(path: string): boolean
  /** Why a member of this path is not handed out; undefined if it is, or if there is none. */
  refusal(path: string): RefusedMember | undefined
  /** Paths of the members in `folder` (with a closing `/`, or empty) whose names begin with `prefix`, sorted. */
  beside(folder: string, prefix: string): readonly string[]
  /** Unix time in milliseconds of the file; 0 for a folder. */
  readonly modifiedAt: number
  /** Size of the file, or of all members of a folder together. */
  readonly byteSize: number
  /** SHA-256 of the file; of names, sizes and times for a folder. Reads the whole file. */
  digest(): Promise<string>
  close(): Promise<void>
}
