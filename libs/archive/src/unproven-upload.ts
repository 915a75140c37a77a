import { ArchiveError } from '@mediakeep/content'

/** The store took the upload, and does not have what was sent: to be sent again as a whole. */
export class UnprovenUpload extends ArchiveError {}
