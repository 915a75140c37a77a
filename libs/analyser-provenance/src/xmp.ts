import { XMLParser } from 'fast-xml-parser'
import { textFact, type JsonObject } from '@mediakeep/plugin-api'
import sharp from 'sharp'

export interface XmpFacts {
  /** URIs of digital source types. */
  readonly sourceTypes: readonly string[]
  readonly facts?: JsonObject | undefined
}

const MAX_BYTES = 1024 ** 2
const MAX_HISTORY = 50
const MAX_DEPTH = 20

/** Namespaces by their URIs: a file chooses its own prefixes. */
const NAMESPACES: Readonly<Record<string, string>> = {
  'http://iptc.org/std/Iptc4xmpExt/2008-02-29/': 'iptcExt',
  'http://ns.adobe.com/xap/1.0/': 'xmp',
  'http://ns.adobe.com/xap/1.0/mm/': 'xmpMM',
  'http://ns.adobe.com/xap/1.0/sType/ResourceEvent#': 'stEvt',
  'http://ns.adobe.com/photoshop/1.0/': 'photoshop',
  'http://www.w3.org/1999/02/22-rdf-syntax-ns#': 'rdf',
}

type Node = Readonly<Record<string, unknown>>

/** Reads what the XMP of an image says about its origin. Broken XMP counts as none: the image may be fine. */
export async function readXmp(path: string): Promise<XmpFacts> {
  const packet = await packetOf(path)
  if (packet === undefined || packet.length > MAX_BYTES) return { sourceTypes: [] }
  const descriptions = parse(packet)
  const values = (name: string): string[] =>
    descriptions.flatMap((node) => textsOf(node[name])).flatMap((value) => textFact(value) ?? [])
  const history = descriptions.flatMap((node) => itemsOf(node['xmpMM:History'])).slice(0, MAX_HISTORY)
  const facts: JsonObject = {
    ...one('creatorTool', values('xmp:CreatorTool')),
    ...one('createdAt', values('xmp:CreateDate')),
    ...one('modifiedAt', values('xmp:ModifyDate')),
    ...one('credit', values('photoshop:Credit')),
    ...one('source', values('photoshop:Source')),
    ...(history.length > 0 && { history: history.map(eventOf) }),
  }
  return {
    sourceTypes: values('iptcExt:DigitalSourceType'),
    facts: Object.keys(facts).length > 0 ? facts : undefined,
  }
}

async function packetOf(path: string): Promise<Buffer | undefined> {
  try {
    return (await sharp(path, { failOn: 'none', limitInputPixels: false }).metadata()).xmp
  } catch {
    // Another decoder may show it; there is nothing to read here.
    return undefined
  }
}

function parse(packet: Buffer): Node[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    maxNestedTags: MAX_DEPTH,
  })
  try {
    const tree: unknown = parser.parse(packet.toString('utf8'))
    return descriptionsOf(withStandardPrefixes(tree, {}))
  } catch {
    return []
  }
}

/** Renames elements and attributes to the prefixes of `NAMESPACES`. */
function withStandardPrefixes(node: unknown, outer: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(node)) return node.map((item) => withStandardPrefixes(item, outer))
  if (typeof node !== 'object' || node === null) return node
  const prefixes = { ...outer }
  for (const [name, value] of Object.entries(node))
    if (name.startsWith('xmlns:') && typeof value === 'string')
      prefixes[name.slice(6)] = NAMESPACES[value] ?? name.slice(6)
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => {
      // A child may declare the prefix of its own name.
      const own = childPrefixes(value, prefixes)
      const [prefix, local] = name.split(':')
      const renamed = local === undefined ? name : `${own[prefix!] ?? prefix}:${local}`
      return [renamed, withStandardPrefixes(value, prefixes)]
    }),
  )
}

function childPrefixes(
  node: unknown,
  outer: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const [first] = listOf(node)
  if (typeof first !== 'object' || first === null) return outer
  const own = Object.entries(first as Node).flatMap(([name, value]) =>
    name.startsWith('xmlns:') && typeof value === 'string'
      ? [[name.slice(6), NAMESPACES[value] ?? name.slice(6)]]
      : [],
  )
  return own.length === 0 ? outer : { ...outer, ...(Object.fromEntries(own) as Record<string, string>) }
}

/** Returns every `rdf:Description` at the top of a packet: a packet may have several. */
function descriptionsOf(node: unknown): Node[] {
  return listOf(node).flatMap((item) => {
    if (typeof item !== 'object' || item === null) return []
    return Object.entries(item as Node).flatMap(([name, value]) => {
      if (name === 'rdf:Description')
        return listOf(value).filter((one): one is Node => typeof one === 'object' && one !== null)
      return name === 'rdf:RDF' || name.endsWith(':xmpmeta') ? descriptionsOf(value) : []
    })
  })
}

/** Returns the members of a list (`rdf:Seq`, `rdf:Bag`). */
function itemsOf(node: unknown): unknown[] {
  return listOf(node).flatMap((item) => {
    if (typeof item !== 'object' || item === null) return []
    const { 'rdf:Seq': seq, 'rdf:Bag': bag } = item as Node
    return listOf(seq ?? bag).flatMap((list) =>
      typeof list === 'object' && list !== null ? listOf((list as Node)['rdf:li']) : [],
    )
  })
}

function textsOf(node: unknown): string[] {
  return listOf(node).flatMap((item) => {
    if (typeof item === 'string') return [item]
    if (typeof item !== 'object' || item === null) return []
    const { 'rdf:resource': resource, '#text': content } = item as Node
    return [resource, content].filter((value): value is string => typeof value === 'string')
  })
}

/** An event's fields are attributes or elements, in the item or in a description inside it. */
function eventOf(item: unknown): JsonObject {
  const inner = typeof item === 'object' && item !== null ? ((item as Node)['rdf:Description'] ?? item) : {}
  const field = (name: string): string[] => textsOf((listOf(inner)[0] as Node)[`stEvt:${name}`])
  return {
    ...one('action', field('action')),
    ...one('when', field('when')),
    ...one('softwareAgent', field('softwareAgent')),
  }
}

function one(name: string, values: readonly string[]): JsonObject {
  const value = textFact(values[0])
  return value === undefined ? {} : { [name]: value }
}

function listOf(value: unknown): unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as unknown[]) : [value]
}
