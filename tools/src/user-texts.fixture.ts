import ts from 'typescript'

/** A text that people read: an error message, a log line, help of a command, a label, an API description. */
export interface UserText {
  readonly line: number
  readonly text: string
}

/** Loggers and the command line. */
const METHODS =
  /^(?:trace|debug|info|warn|error|fatal|description|summary|option|requiredOption|argument|addHelpText)$/
const CLASSES = /(?:Error|Option|Argument)$/
const PROPERTIES = /^(?:description|label|title|message|hint|advice|remedy|help)$/

/** Returns the texts that a source file shows to people. A template's values become `…`. */
export function findUserTexts(path: string, source: string): UserText[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, kind)
  const found: UserText[] = []
  const add = (node: ts.Node, text: string): void => {
    const plain = text.replaceAll(/\s+/g, ' ').trim()
    if (plain.includes(' '))
      found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, text: plain })
  }
  const addStrings = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) add(node, node.text)
    else if (ts.isTemplateExpression(node))
      add(node, node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join(''))
    else if (!ts.isFunctionLike(node)) ts.forEachChild(node, addStrings)
  }
  const visit = (node: ts.Node): void => {
    if (isShowing(node)) node.arguments?.forEach(addStrings)
    else if (ts.isPropertyAssignment(node) && PROPERTIES.test(node.name.getText()))
      addStrings(node.initializer)
    else if (ts.isJsxText(node)) add(node, node.text)
    else if (ts.isJsxAttribute(node) && node.initializer && ts.isStringLiteral(node.initializer))
      add(node, node.initializer.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function isShowing(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  if (ts.isNewExpression(node)) return CLASSES.test(node.expression.getText())
  if (!ts.isCallExpression(node)) return false
  if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return true
  return ts.isPropertyAccessExpression(node.expression) && METHODS.test(node.expression.name.text)
}
