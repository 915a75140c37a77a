import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { FieldNullability, InputFieldMap, TypeParam } from '@pothos/core'
import type { Scope } from '@mediakeep/access'
import type { FieldScope } from './operation-scopes.ts'

const ROOTS: readonly string[] = ['Query', 'Mutation', 'Subscription']

/** Adds the `scope` option to fields; building the schema fails when a field of a root type has no scope. */
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
  // Pothos plugins add options this way; type parameters must match those of the extended interfaces.
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
      /** The scope that is required, or several of which one is enough. */
      scope: Scope | FieldScope
    }
    interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** The scope that is required, or several of which one is enough. */
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
      /** The scope that is required, or several of which one is enough. */
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
      /** A scope required in addition to that of the root field, for fields that lead to other objects. */
      scope?: Scope | FieldScope
    }
    /* eslint-enable @typescript-eslint/no-unused-vars */
  }
}
