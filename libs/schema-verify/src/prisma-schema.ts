/** A Prisma schema's model, reduced to its columns. */
export interface PrismaModel {
  readonly name: string
  /** Name with its schema. */
  readonly table: string
  readonly fields: readonly PrismaField[]
}

export interface PrismaField {
  readonly name: string
  readonly column: string
  /** Prisma scalar type or enum name. */
  readonly type: string
  readonly isRequired: boolean
  readonly isList: boolean
  /** `@db.Timestamptz(6)`: `Timestamptz(6)` */
  readonly nativeType: string | undefined
  /** The text inside `@default(…)`. */
  readonly defaultText: string | undefined
  readonly isId: boolean
  readonly isUnique: boolean
}

const BLOCK = /^(model|enum|type|view)\s+(\w+)\s*\{\n([\s\S]*?)^\}/gm

/**
 * Reads the models of a `schema.prisma`, without Prisma's engine. Omits relations, because they are not columns.
 * @see https://www.prisma.io/docs/orm/reference/prisma-schema-reference
 */
export function parsePrismaSchema(text: string): PrismaModel[] {
  const blocks = [...text.replaceAll(/\/\/[^\n]*/g, '').matchAll(BLOCK)]
  const models = new Set(blocks.filter(([, kind]) => kind !== 'enum').map(([, , name]) => name))
  return blocks
    .filter(([, kind]) => kind === 'model')
    .map(([, , name = '', body = '']) => {
      const lines = body
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
      const attribute = (key: string): string | undefined =>
        lines.map((line) => new RegExp(`^@@${key}\\("([^"]+)"\\)`).exec(line)?.[1]).find(Boolean)
      const ids = /^@@id\(\[([^\]]*)\]/m.exec(lines.join('\n'))?.[1]?.split(/[\s,]+/) ?? []
      return {
        name,
        table: `${attribute('schema') ?? 'public'}.${attribute('map') ?? name}`,
        fields: lines.flatMap((line) => parseField(line, models, ids)),
      }
    })
}

function parseField(
  line: string,
  models: ReadonlySet<string | undefined>,
  ids: readonly string[],
): PrismaField[] {
  const [, name, type, suffix, attributes = ''] =
    /^(\w+)\s+(\w+(?:\("[^"]*"\))?)(\[\]|\?)?(.*)$/.exec(line) ?? []
  if (!name || !type || models.has(type) || /@ignore\b/.test(attributes)) return []
  return [
    {
      name,
      column: /@map\("([^"]+)"\)/.exec(attributes)?.[1] ?? name,
      type,
      isRequired: suffix !== '?',
      isList: suffix === '[]',
      nativeType: /@db\.(\w+(?:\([^)]*\))?)/.exec(attributes)?.[1],
      defaultText: /@default\(((?:[^()]|\([^()]*\))*)\)/.exec(attributes)?.[1],
      isId: /@id\b/.test(attributes) || ids.includes(name),
      isUnique: /@unique\b/.test(attributes),
    },
  ]
}
