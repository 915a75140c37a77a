/** What pg_catalog says of some schemas, in the contract's words. */
export interface Catalog {
  readonly extensions: ReadonlyMap<string, CatalogExtension>
  readonly enums: ReadonlyMap<string, CatalogEnum>
  readonly domains: ReadonlyMap<string, CatalogDomain>
  readonly types: ReadonlyMap<string, CatalogObject>
  /** By `table shop.things`, `function shop.f()`; empty where it was not asked for. */
  readonly access: ReadonlyMap<string, CatalogAccess>
  readonly schemas: ReadonlyMap<string, string | undefined>
  readonly tables: ReadonlyMap<string, CatalogTable>
  readonly functions: ReadonlyMap<string, CatalogObject>
  readonly sequences: ReadonlyMap<string, CatalogObject>
}

export interface CatalogTable {
  /** `table`, `unlogged table`, `partitioned table`, `view`, … */
  readonly kind: string
  /** Of a view. */
  readonly query: string | undefined
  readonly partitionBy: string | undefined
  readonly partitionOf: string | undefined
  readonly rowSecurity: string
  readonly replicaIdentity: string
  readonly options: readonly string[]
  readonly comment: string | undefined
  readonly columns: ReadonlyMap<string, CatalogObject>
  readonly constraints: ReadonlyMap<string, CatalogConstraint>
  readonly indexes: ReadonlyMap<string, CatalogObject>
  readonly triggers: ReadonlyMap<string, CatalogObject>
  readonly policies: ReadonlyMap<string, CatalogObject>
  readonly rules: ReadonlyMap<string, CatalogObject>
  readonly statistics: ReadonlyMap<string, CatalogObject>
}

export interface CatalogExtension extends CatalogObject {
  /** The version that this server would install now. */
  readonly defaultVersion: string | undefined
}

export interface CatalogEnum {
  readonly values: readonly string[]
  readonly comment: string | undefined
}

export interface CatalogDomain extends CatalogObject {
  readonly constraints: Readonly<Record<string, string>>
}

interface CatalogAccess {
  readonly owner: string
  /** A sequence that belongs to a column has its table's owner. */
  readonly isOwned: boolean
  readonly grants: readonly string[]
}

export interface CatalogObject {
  readonly definition: string
  readonly comment: string | undefined
  /** Why it does not do what its definition says: `half-built`. */
  readonly fault?: string | undefined
}

export interface CatalogConstraint extends CatalogObject {
  readonly kind: 'check' | 'key' | 'reference'
}

export interface CatalogScope {
  readonly schemas: readonly string[]
  /** With their schemas; all of the schemas when not given. */
  readonly tables?: readonly string[]
  /** Whether functions are read; they are when not given. */
  readonly functions?: boolean
  /** Whether owners and grants are read; they are when not given. */
  readonly access?: boolean
}
