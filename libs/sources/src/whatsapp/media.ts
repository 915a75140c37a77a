import type { MediaReference, MediaType, Place } from '@mediakeep/plugin-api'
import { mediaTypeOfPath } from '../file-types.ts'

/** `<attached: …>` of iOS in the languages that WhatsApp writes it in. */
const ATTACHED =
  /<\s?(?:attached|Anhang|adjunto|pièce jointe|Pièce jointe|anexado|anexo|allegato|bijgevoegd|bifogad|vedhæftet|vedlagt|załącznik|вложение|ek|添付ファイル|附件|첨부)\s?[:\uff1a]\s?([^<>]+?)>/gi
/** `… (file attached)` of Android: the file's name begins the line. */
const FILE_ATTACHED =
  /^([^\n]+?\.\w{2,5}) \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado|ficheiro anexado|file allegato|bestand bijgevoegd|bifogad fil|fil vedhæftet|fil vedlagt|plik załączony|файл добавлен|dosya ekli|ファイル添付|文件附件|파일 첨부됨)\)/gim
/** Early iOS: the file's name, then the mark. */
const NAME_ATTACHED = /^([^\n]+?\.\w{2,5}) <attached>/gim

/** The words for a kind of media before "omitted", in the languages of both systems. */
const KINDS: readonly [type: MediaType, words: string][] = [
  [
    'image',
    'image|sticker|Bild|Sticker|imagen|imagem|figurinha|immagine|afbeelding|bild|billede|bilde|obraz|изображение|стикер|画像|图片|이미지|photo|foto',
  ],
  ['video', 'video|Video|vídeo|vidéo|GIF|video note|Videonachricht|видео|ビデオ|视频|동영상'],
  ['audio', 'audio|Audio|áudio|voice message|Sprachnachricht|аудио|音声|音频|오디오'],
  ['document', 'document|Dokument|documento|document|dokument|документ|ドキュメント|文档|문서'],
]
const OMITTED =
  'omitted|weggelassen|omitido|omitida|absente|absent|ocultado|ocultada|oculto|oculta|omesso|omessa|weggelaten|utesluten|uteslutet|udeladt|utelatt|pominięto|pominięty|пропущено|опущено|dahil edilmedi|は含まれていません|忽略|생략됨'
/** Android without media says only that there was one. */
const MEDIA_OMITTED =
  /^<(?:Media omitted|Medien ausgeschlossen|Multimedia omitido|Médias omis|Mídia oculta|Ficheiro não revelado|Media omessi|Media weggelaten|Media utelämnat|Medier utelatt|Mediefil er udeladt|Pominięto multimedia|Без медиафайлов|Medya dahil edilmedi|メディアは含まれていません|省略多媒体文件|미디어 파일 생략됨)>$/i

const OMITTED_BY_KIND = KINDS.map(
  ([type, words]) => [type, new RegExp(`^(?:${words})(?:\\s(?:note))?\\s?(?:${OMITTED})$`, 'i')] as const,
)
/** iOS writes a document's name before the words. */
const OMITTED_DOCUMENT = new RegExp(`^.+\\.\\w{2,5}(?: • .+)? (?:${KINDS[3]![1]}) (?:${OMITTED})$`, 'i')

type Found = Omit<MediaReference, 'role' | 'pointer'>

export interface MessageMedia {
  readonly media: readonly Found[]
  /** The message without the names of files and the words for omitted media. */
  readonly caption: string
}

/** Finds the files that a message names, and the words that stand for files that the export leaves out. */
export function mediaOf(message: string, place: Place): MessageMedia {
  const media: Found[] = []
  const take = (_match: string, name: string): string => {
    media.push(fileOf(name.trim(), place))
    return ''
  }
  const rest = message.replace(ATTACHED, take).replace(FILE_ATTACHED, take).replace(NAME_ATTACHED, take)
  const lines = rest.split('\n')
  const omitted = media.length === 0 ? omittedIn(lines[0]!.trim()) : undefined
  if (omitted === undefined) return { media, caption: rest.trim() }
  return { media: [omitted], caption: lines.slice(1).join('\n').trim() }
}

function fileOf(name: string, place: Place): Found {
  const file = place.resolve(name)
  const mediaType = mediaTypeOfPath(name) ?? 'document'
  return file === undefined
    ? { missing: `the export has no file ${name}`, key: name, mediaType }
    : { file, key: name, mediaType }
}

function omittedIn(line: string): Found | undefined {
  // The kind is not known where the words say only "media"; most are pictures.
  if (MEDIA_OMITTED.test(line)) return { missing: line.slice(1, -1), mediaType: 'image' }
  const [kind] = OMITTED_BY_KIND.find(([, words]) => words.test(line)) ?? []
  if (kind !== undefined) return { missing: line, mediaType: kind }
  return OMITTED_DOCUMENT.test(line) ? { missing: line, mediaType: 'document' } : undefined
}
