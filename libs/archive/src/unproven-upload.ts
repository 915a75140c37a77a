import { ArchiveError } from '@mediakeep/content'

/** The store accepted the upload but does not have the right bytes; the whole upload must be repeated. */
export class UnprovenUpload extends ArchiveError {}
