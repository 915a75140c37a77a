/** The vocabulary of IPTC: https://cv.iptc.org/newscodes/digitalsourcetype/ */
const VOCABULARY = /^https?:\/\/cv\.iptc\.org\/newscodes\/digitalsourcetype\/(\w+)$/

/** Types that say that a trained model made the media, or parts of them. */
const AI = ['trainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia']

/** Returns the name of a type of IPTC's vocabulary (`digitalCapture`); other URIs as they are. */
export function sourceTypeName(uri: string): string {
  return VOCABULARY.exec(uri)?.[1] ?? uri
}

/** True if the type says that AI made the media, or parts of them. */
export function declaresAi(name: string): boolean {
  return AI.includes(name)
}
