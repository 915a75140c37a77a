import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { FieldNullability, InputFieldMap, TypeParam } from '@pothos/core'
import type { Scope } from '@mediakeep/access'
import type { FieldScope } from './operation-scopes.ts'

const ROOTS: readonly string[] = ['Query', 'Mutation', 'Subscription']

/** Says who may ask for a field; the schema cannot be built while a field of a root type has no scope. */
class ScopePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { scope } = field.pothosOptions as { readonly scope?: Scope | FieldScope }
    if (scope === undefined) {
      if (!ROOTS.includes(field.kind)) return field
      throw new Error(`${field.parentType}.${field.name} says no scope: who may ask for it? (docs/access.md)`)
    }
    const anyOf: FieldScope = typeof scope === 'string' ? [scope] : scope
    return { ...field, extensions: { ...field.extensions, scope: anyOf } }
  }
}

SchemaBuilder.registerPlugin('scope', ScopePlugin)

declare global {
  // How Pothos' plugins add options; the parameters must be those of the interfaces that are added to.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  export namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      scope: ScopePlugin<Types>
    }
    /* eslint-disable @typescript-eslint/no-unused-vars */
    interface QueryFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** Who may ask for it: holders of the scope, or of any of several. */
      scope: Scope | FieldScope
    }
    interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** Who may ask for it: holders of the scope, or of any of several. */
      scope: Scope | FieldScope
    }
    interface SubscriptionFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > {
      /** Who may ask for it: holders of the scope, or of any of several. */
      scope: Scope | FieldScope
    }
    interface ObjectFieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** What it takes beside the scope of the root field: for what leads from one thing to others. */
      scope?: Scope | FieldScope
    }
    /* eslint-enable @typescript-eslint/no-unused-vars */
  }
}
