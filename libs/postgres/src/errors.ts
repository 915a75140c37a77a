/** The database's encoding is not UTF-8, so it would reject some characters. */
export class DatabaseEncodingError extends Error {
  override readonly name = 'DatabaseEncodingError'
  readonly code = 'database_encoding'
  readonly encoding: string

  constructor(encoding: string) {
    super(
      `The database stores ${encoding}, which cannot hold every character of a post. Mediakeep needs UTF8: create a ` +
        `database with "CREATE DATABASE mediakeep TEMPLATE template0 ENCODING 'UTF8'" and copy the data there with pg_dump.`,
    )
    this.encoding = encoding
  }
}
