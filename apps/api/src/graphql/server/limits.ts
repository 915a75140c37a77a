import { GraphQLError, Kind, type ASTVisitor, type SelectionSetNode, type ValidationContext } from 'graphql'

const MAX_DEPTH = 15
const MAX_ALIASES = 30
const MAX_DIRECTIVES = 30
const MAX_ROOT_FIELDS = 20
export const MAX_TOKENS = 2000

interface Measures {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  readonly rootFields: number
}

/** A validation rule that limits an operation by its shape; it follows fragments. */
export function operationLimits(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      const measured = measure(operation.selectionSet, context, new Map())
      const refuse = (what: string, limit: number): void =>
        context.reportError(
          new GraphQLError(`The operation has more than ${limit} ${what}.`, {
            nodes: operation,
            extensions: { code: 'OPERATION_TOO_COMPLEX' },
          }),
        )
      if (measured.depth > MAX_DEPTH) refuse('levels', MAX_DEPTH)
      if (measured.aliases > MAX_ALIASES) refuse('aliases', MAX_ALIASES)
      if (measured.directives + (operation.directives?.length ?? 0) > MAX_DIRECTIVES)
        refuse('directives', MAX_DIRECTIVES)
      if (measured.rootFields > MAX_ROOT_FIELDS) refuse('root fields', MAX_ROOT_FIELDS)
    },
  }
}

/** Measures each fragment once, however often it is spread; stops at cycles, which another rule reports. */
function measure(
  set: SelectionSetNode,
  context: ValidationContext,
  fragments: Map<string, Measures>,
): Measures {
  let [depth, aliases, directives, rootFields] = [0, 0, 0, 0]
  for (const selection of set.selections) {
    directives += selection.directives?.length ?? 0
    if (selection.kind === Kind.FIELD) {
      rootFields++
      if (selection.alias) aliases++
      const below = selection.selectionSet && measure(selection.selectionSet, context, fragments)
      depth = Math.max(depth, 1 + (below?.depth ?? 0))
      aliases += below?.aliases ?? 0
      directives += below?.directives ?? 0
    } else {
      const inside =
        selection.kind === Kind.INLINE_FRAGMENT
          ? measure(selection.selectionSet, context, fragments)
          : measureFragment(selection.name.value, context, fragments)
      depth = Math.max(depth, inside.depth)
      aliases += inside.aliases
      directives += inside.directives
      rootFields += inside.rootFields
    }
  }
  return { depth, aliases, directives, rootFields }
}

function measureFragment(
  name: string,
  context: ValidationContext,
  fragments: Map<string, Measures>,
): Measures {
  const known = fragments.get(name)
  if (known) return known
  fragments.set(name, { depth: 0, aliases: 0, directives: 0, rootFields: 0 })
  const fragment = context.getFragment(name)
  const measured = fragment
    ? measure(fragment.selectionSet, context, fragments)
    : { depth: 0, aliases: 0, directives: 0, rootFields: 0 }
  fragments.set(name, measured)
  return measured
}
