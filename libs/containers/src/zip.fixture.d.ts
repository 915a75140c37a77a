/** A member of an archive that is built byte by byte; every field may lie. */
export interface ZipMember {
  readonly name: string | Buffer
  readonly bytes?: Buffer | string
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly byteSize?: number
  readonly compressedSize?: number
  /** Of Unix: `0o120777` is a symbolic link. */
  readonly mode?: number
  readonly extra?: Buffer
  /** The data of an earlier member instead of its own. */
  readonly headerAt?: number
  /** Sizes and position go into the Zip64 field. */
  readonly zip64?: boolean
}
export declare function buildZip(
  members: readonly ZipMember[],
  options?: {
    readonly zip64?: boolean
  },
): Buffer
//# sourceMappingURL=zip.fixture.d.ts.map
