import { createHash } from 'node:crypto'
import {
  getOperationAST,
  Kind,
  print,
  visit,
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
} from 'graphql'

/**
 * Returns the same key for subscriptions that get the same results, wherever each of them starts. The key covers the
 * document, its variables except the `after` argument of the subscribed field, and `rest`.
 */
export function groupKey(args: ExecutionArgs, rest: readonly string[]): string {
  const { document, operationName, variableValues } = args
  const [field] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  const after =
    field?.kind === Kind.FIELD ? field.arguments?.find(({ name }) => name.value === 'after') : undefined
  const own =
    after?.value.kind === Kind.VARIABLE && isUsedOnce(document, after.value.name.value)
      ? after.value.name.value
      : undefined
  const variables = Object.entries(variableValues ?? {}).filter(([name]) => name !== own)
  const text = after ? print(withoutArgument(document, field as FieldNode, 'after')) : print(document)
  const all = JSON.stringify([text, operationName, sorted(variables), ...rest])
  return createHash('sha256').update(all).digest('base64')
}

function withoutArgument(document: DocumentNode, field: FieldNode, name: string): DocumentNode {
  return visit(document, {
    Field: (node) =>
      node === field
        ? { ...node, arguments: node.arguments?.filter((argument) => argument.name.value !== name) ?? [] }
        : undefined,
  })
}

function isUsedOnce(document: DocumentNode, name: string): boolean {
  let uses = 0
  visit(document, {
    VariableDefinition: () => false,
    Variable: (node) => {
      if (node.name.value === name) uses++
    },
  })
  return uses === 1
}

function sorted(variables: readonly [string, unknown][]): [string, unknown][] {
  return variables.toSorted(([one], [other]) => (one < other ? -1 : 1))
}
