/** The id of each operation in `persisted-documents.json`: the SHA-256 of its text. */
export const operationIds: Readonly<Record<string, string>> = {
  "MediaPage": "0c73f861ca2e9a26d78cb2b834605377574aff00fbabf78e74b6f35fe29a2146",
  "MediaTimeline": "9a00cc0e14c4674b08615d41f3225b91eb8da79d9f13237acf88d642f07ad51b"
}
