import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import fc from 'fast-check'

/** Values that a real export has in places where a format does not expect them. */
const oddities: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    null,
    '',
    0,
    -1,
    1e300,
    true,
    [],
    {},
    '\u0000',
    '\ud800',
    '99999999999999999999',
    [[]],
  ),
  fc.constantFrom<JsonValue>('https://', 'http://[', '2024-02-30T25:61:00Z', '1e9', '-5', '../../etc/passwd'),
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
)

/** Copies of an item in which one to four values, at any depth, are replaced or removed. */
export function mutationsOf(items: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  const change = fc.record({ at: fc.nat(), value: fc.option(oddities, { nil: undefined }) })
  return fc
    .record({ item: fc.constantFrom(...items), changes: fc.array(change, { minLength: 1, maxLength: 4 }) })
    .map(({ item, changes }) => {
      const copy = structuredClone(item)
      for (const { at, value } of changes) replaceOne(copy, at, value)
      return copy
    })
}

function replaceOne(root: JsonObject, at: number, value: JsonValue | undefined): void {
  const places: [holder: JsonObject | JsonValue[], key: string][] = []
  const visit = (holder: JsonObject | JsonValue[]): void => {
    for (const [key, inner] of Object.entries(holder)) {
      places.push([holder, key])
      if (typeof inner === 'object' && inner !== null) visit(inner)
    }
  }
  visit(root)
  if (places.length === 0) return
  const [holder, key] = places[at % places.length]!
  if (value !== undefined) Object.assign(holder, { [key]: structuredClone(value) })
  else if (Array.isArray(holder)) holder.splice(Number(key), 1)
  else Reflect.deleteProperty(holder, key)
}
