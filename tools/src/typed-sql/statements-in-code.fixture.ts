import ts from 'typescript'
import type { SourceFile } from '../source-files.fixture.ts'

/** A statement that TypeScript holds as text. */
export interface StatementInCode {
  readonly path: string
  readonly line: number
  /** True if an expression is a part of it. */
  readonly isComposed: boolean
}

const STATEMENT =
  /^\s*(?:--[^\n]*\n\s*)*(?:SELECT\b|INSERT\s+INTO\b|UPDATE\s+[\w.]+|DELETE\s+FROM\b|MERGE\s+INTO\b|WITH\s+(?:RECURSIVE\s+)?\w+\s*(?:\(|AS\b))/

/** Finds string and template literals that begin as a statement. */
export function findStatements({ path, text }: SourceFile): StatementInCode[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: StatementInCode[] = []
  const visit = (node: ts.Node): void => {
    const isComposed = ts.isTemplateExpression(node)
    const begin = isComposed ? node.head.text : ts.isStringLiteralLike(node) ? node.text : ''
    // A template that begins with an expression shows its statement after it.
    const rest = isComposed && begin.trim() === '' ? node.templateSpans[0]!.literal.text : ''
    if (STATEMENT.test(begin) || STATEMENT.test(rest)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.push({ path, line: line + 1, isComposed })
      // The expressions in it are parts of this statement.
      return
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}
