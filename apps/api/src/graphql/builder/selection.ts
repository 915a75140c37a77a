import { Kind, type FieldNode, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql'

/** The fields selected at one place of a query, each with its AST nodes. */
export type Selection = ReadonlyMap<string, readonly FieldNode[]>

// Parsed documents are cached, so the selection below a field is cached as well.
const known = new WeakMap<FieldNode, Map<string, Selection>>()

/**
 * Returns the fields selected below the field being resolved, at each of `paths` (`edges.node`). Includes all fragments
 * and `@include`d fields, so it may contain more than the query needs, never less.
 */
export function selectionAt(info: GraphQLResolveInfo, ...paths: string[]): Selection {
  const [node] = info.fieldNodes
  if (info.fieldNodes.length !== 1 || node === undefined) return collectAt(info.fieldNodes, info, paths)
  let selections = known.get(node)
  if (!selections) known.set(node, (selections = new Map<string, Selection>()))
  const name = paths.join()
  let selection = selections.get(name)
  if (!selection) selections.set(name, (selection = collectAt([node], info, paths)))
  return selection
}

/** Returns the fields selected below one field of a selection. */
export function selectionBelow(selection: Selection, field: string, info: GraphQLResolveInfo): Selection {
  return collect(selection.get(field) ?? [], info)
}

function collectAt(nodes: readonly FieldNode[], info: GraphQLResolveInfo, paths: string[]): Selection {
  const ends = paths.flatMap((path) =>
    path
      .split('.')
      .filter((name) => name !== '')
      .reduce((at, name) => collect(at, info).get(name) ?? [], nodes),
  )
  return collect(ends, info)
}

function collect(nodes: readonly FieldNode[], info: GraphQLResolveInfo): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  for (const node of nodes) if (node.selectionSet) collectInto(fields, node.selectionSet, info)
  return fields
}

function collectInto(
  fields: Map<string, FieldNode[]>,
  set: SelectionSetNode,
  info: GraphQLResolveInfo,
): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const same = fields.get(selection.name.value)
      if (same) same.push(selection)
      else fields.set(selection.name.value, [selection])
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      collectInto(fields, selection.selectionSet, info)
    } else {
      const fragment = info.fragments[selection.name.value]
      if (fragment) collectInto(fields, fragment.selectionSet, info)
    }
  }
}
