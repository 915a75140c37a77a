import {
  BREAK,
  execute,
  getOperationAST,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionArgs,
} from 'graphql'
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit'
import type { Plugin } from 'graphql-yoga'

/** Compiling costs about ten executions, so only queries executed this many times are compiled. */
const HOT = 4

interface Heat {
  executions: number
  compiled?: CompiledQuery | undefined
}

/**
 * Compiles frequent queries to functions: executing a page of 50 media field by field costs more than reading it.
 * The parser's cache keeps documents; compiled queries live as long as their document.
 */
export function compileHotQueries(): Plugin {
  const heats = new WeakMap<DocumentNode, Map<string, Heat>>()
  return {
    onExecute({ args, setExecuteFn }) {
      const { document, operationName, schema } = args as ExecutionArgs
      // Yoga's executor replaces errors thrown by scalars with plain errors that have no code.
      setExecuteFn(execute)
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return
      const heat = heatOf(heats, document, operationName ?? '')
      if (++heat.executions === HOT && !isConditional(document)) {
        const compiled = compileQuery(schema, document, operationName ?? undefined)
        if (isCompiledQuery(compiled)) heat.compiled = compiled
      }
      const { compiled } = heat
      if (!compiled) return
      setExecuteFn(({ rootValue, contextValue, variableValues }: ExecutionArgs) =>
        compiled.query(rootValue, contextValue, variableValues),
      )
    },
  }
}

function heatOf(heats: WeakMap<DocumentNode, Map<string, Heat>>, document: DocumentNode, name: string): Heat {
  let operations = heats.get(document)
  if (!operations) heats.set(document, (operations = new Map<string, Heat>()))
  let heat = operations.get(name)
  if (!heat) operations.set(name, (heat = { executions: 0 }))
  return heat
}

/** Compiled queries lose fields that are selected several times with different `@skip` or `@include` conditions. */
function isConditional(document: DocumentNode): boolean {
  let found = false
  visit(document, {
    Directive: ({ name }) => {
      found ||= name.value === 'skip' || name.value === 'include'
      return found ? BREAK : undefined
    },
  })
  return found
}
