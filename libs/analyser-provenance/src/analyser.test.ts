import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, MediaType } from '@mediakeep/plugin-api'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { analyser } from './analyser.ts'
import { signPicture, type SignedPicture } from './signed-picture.fixture.ts'

const AI = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
const CAPTURE = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture'

let folder: string
let jpeg: Buffer
let signed: SignedPicture
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediakeep-provenance-'))
  jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#c08040' } })
    .jpeg()
    .toBuffer()
  signed = await signPicture(jpeg, [
    { action: 'c2pa.created', digitalSourceType: AI, softwareAgent: { name: 'Invented model' } },
    { action: 'c2pa.resized', when: '2026-05-01T10:00:00Z' },
  ])
})
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => delete process.env.PROVENANCE_TRUST_ANCHORS)

let files = 0
async function provenanceOf(bytes: Buffer, mimeType = 'image/jpeg'): Promise<JsonObject> {
  const path = join(folder, String(++files))
  await writeFile(path, bytes)
  const mediaType = mimeType.split('/')[0] as MediaType
  const input = { sha256: '0'.repeat(64), mediaType, mimeType, byteSize: bytes.length, path }
  const picture = (): never => expect.fail('needs no picture')
  return (await analyser.analyse({ ...input, picture }, { signal: new AbortController().signal })).result
}

/** XMP as editors write it; `body` is inside the description, `attributes` on it. */
const packet = (attributes: string, body = ''): string =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${attributes}>${body}
    </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
const withXmp = (xmp: string): Promise<Buffer> => sharp(jpeg).withXmp(xmp).jpeg().toBuffer()

describe('content credentials', () => {
  test('a valid signature of an unknown signer is valid, and not trusted', async () => {
    expect(await provenanceOf(signed.bytes)).toEqual({
      hasCredentials: true,
      digitalSourceTypes: ['trainedAlgorithmicMedia'],
      declaresAi: true,
      credentials: {
        state: 'valid',
        isTrusted: false,
        summary: 'valid, signer not on a trust list',
        codes: [],
        title: 'sunrise.jpg',
        generator: 'Invented camera 2',
        signer: 'Invented signer',
        issuer: 'Invented',
        algorithm: 'Es256',
        ingredientCount: 0,
        actions: [
          { action: 'c2pa.created', softwareAgent: 'Invented model', digitalSourceType: AI },
          { action: 'c2pa.resized', when: '2026-05-01T10:00:00Z' },
        ],
        manifestCount: 1,
      },
    })
  })

  test('a signer whose authority is on the trust list is trusted, another one is not', async () => {
    const path = join(folder, 'anchors.pem')
    process.env.PROVENANCE_TRUST_ANCHORS = path
    await writeFile(path, signed.authority)
    const trusted = { state: 'valid', isTrusted: true, summary: 'valid, signer on a trust list' }
    expect((await provenanceOf(signed.bytes)).credentials).toMatchObject(trusted)
    const { bytes } = await signPicture(jpeg, [{ action: 'c2pa.created', digitalSourceType: CAPTURE }])
    const result = await provenanceOf(bytes)
    expect(result).toMatchObject({ digitalSourceTypes: ['digitalCapture'], declaresAi: false })
    expect(result.credentials).toMatchObject({ state: 'valid', isTrusted: false })
  })

  test('a changed pixel makes them invalid, with the code', async () => {
    const changed = Buffer.from(signed.bytes)
    changed[changed.length - 10]! ^= 1
    const { credentials } = await provenanceOf(changed)
    expect(credentials).toMatchObject({
      state: 'invalid',
      isTrusted: false,
      codes: ['assertion.dataHash.mismatch'],
      summary: 'invalid: assertion.dataHash.mismatch',
    })
  })

  test('a changed manifest is invalid or unreadable, and never valid', async () => {
    const start = signed.bytes.indexOf('sunrise.jpg')
    for (const at of [start, start - 40, start + 200, start + 900]) {
      const changed = Buffer.from(signed.bytes)
      changed[at]! ^= 0x55
      const { credentials } = await provenanceOf(changed)
      expect(credentials).toMatchObject({
        state: expect.stringMatching(/^(?:invalid|unreadable)$/) as string,
      })
    }
  })

  test('a cut file is unreadable or has none, and no error', async () => {
    for (const share of [0.2, 0.5, 0.8])
      expect(await provenanceOf(signed.bytes.subarray(0, signed.bytes.length * share))).not.toMatchObject({
        credentials: { state: 'valid' },
      })
  })

  test('a file of another type that only contains the bytes of credentials has none that are valid', async () => {
    const result = await provenanceOf(
      Buffer.concat([Buffer.from('%PDF-1.7\n'), signed.bytes]),
      'application/pdf',
    )
    expect(result).not.toMatchObject({ credentials: { state: 'valid' } })
  })
})

describe('XMP', () => {
  const IPTC = 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'

  test('the digital source type as an attribute, as an element, and under another prefix', async () => {
    const forms = [
      packet(`${IPTC} Iptc4xmpExt:DigitalSourceType="${AI}"`),
      packet(IPTC, `<Iptc4xmpExt:DigitalSourceType>${AI}</Iptc4xmpExt:DigitalSourceType>`),
      packet(IPTC, `<Iptc4xmpExt:DigitalSourceType rdf:resource="${AI}"/>`),
      packet(`xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType="${AI}"`),
      packet(
        '',
        `<e:DigitalSourceType xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">${AI}</e:DigitalSourceType>`,
      ),
    ]
    for (const xmp of forms)
      expect(await provenanceOf(await withXmp(xmp)), xmp).toMatchObject({
        hasCredentials: false,
        digitalSourceTypes: ['trainedAlgorithmicMedia'],
        declaresAi: true,
      })
  })

  test('the same name in a foreign namespace says nothing', async () => {
    const xmp = packet(`xmlns:Iptc4xmpExt="https://foreign.example/" Iptc4xmpExt:DigitalSourceType="${AI}"`)
    expect(await provenanceOf(await withXmp(xmp))).toMatchObject({
      digitalSourceTypes: [],
      declaresAi: false,
    })
  })

  test('the editing history', async () => {
    const xmp = packet(
      `xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
       xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmp:CreatorTool="Invented editor 3"
       xmp:CreateDate="2026-05-01T09:00:00+02:00"`,
      `<xmpMM:History><rdf:Seq>
         <rdf:li stEvt:action="created" stEvt:when="2026-05-01T09:00:00+02:00" stEvt:softwareAgent="Invented editor 3"/>
         <rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action></rdf:li>
       </rdf:Seq></xmpMM:History>`,
    )
    expect((await provenanceOf(await withXmp(xmp))).xmp).toEqual({
      creatorTool: 'Invented editor 3',
      createdAt: '2026-05-01T09:00:00+02:00',
      history: [
        { action: 'created', when: '2026-05-01T09:00:00+02:00', softwareAgent: 'Invented editor 3' },
        { action: 'saved' },
      ],
    })
  })

  test.each([
    ['no XML', 'hello'],
    [
      'entities that grow',
      `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>${packet('', '&b;&b;')}`,
    ],
    ['deep nesting', packet('', '<a>'.repeat(5000) + '</a>'.repeat(5000))],
    ['nothing between', ''],
    [
      'names of prototypes',
      packet('xmlns:constructor="x" constructor:prototype="y"', '<__proto__>x</__proto__>'),
    ],
  ])('%s is ignored', async (_, xmp) => {
    const bytes = xmp === '' ? jpeg : await withXmp(xmp)
    expect(await provenanceOf(bytes)).toEqual({
      hasCredentials: false,
      digitalSourceTypes: [],
      declaresAi: false,
    })
  })
})

test('other media types', async () => {
  const nothing = { hasCredentials: false, digitalSourceTypes: [], declaresAi: false }
  expect(await provenanceOf(Buffer.from('ID3 and no more'), 'audio/mpeg')).toEqual(nothing)
  expect(await provenanceOf(Buffer.alloc(3_000_000, 'x'), 'video/mp4')).toEqual(nothing)
})
