/** The content of some schemas, read from pg_catalog and written in the contract's notation. */
export interface Catalog {
  readonly extensions: ReadonlyMap<string, CatalogExtension>
  readonly enums: ReadonlyMap<string, CatalogEnum>
  readonly domains: ReadonlyMap<string, CatalogDomain>
  readonly types: ReadonlyMap<string, CatalogObject>
  /** Keyed by `table shop.things`, `function shop.f()`; empty if not requested. */
  readonly access: ReadonlyMap<string, CatalogAccess>
  readonly schemas: ReadonlyMap<string, string | undefined>
  readonly tables: ReadonlyMap<string, CatalogTable>
  readonly functions: ReadonlyMap<string, CatalogObject>
  readonly sequences: ReadonlyMap<string, CatalogObject>
}

export interface CatalogTable {
  /** `table`, `unlogged table`, `partitioned table`, `view`, … */
  readonly kind: string
  /** Set for views only. */
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
  /** True for a sequence that belongs to a column: its owner is always its table's owner. */
  readonly isOwned: boolean
  readonly grants: readonly string[]
}

export interface CatalogObject {
  readonly definition: string
  readonly comment: string | undefined
  /** The reason it does not do what its definition says: `half-built`. */
  readonly fault?: string | undefined
}

export interface CatalogConstraint extends CatalogObject {
  readonly kind: 'check' | 'key' | 'reference'
}

export interface CatalogScope {
  readonly schemas: readonly string[]
  /** Names with their schemas; default: all tables of the schemas. */
  readonly tables?: readonly string[]
  /** Read functions; default true. */
  readonly functions?: boolean
  /** Read owners and grants; default true. */
  readonly access?: boolean
}
