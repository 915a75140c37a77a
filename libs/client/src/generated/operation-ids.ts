/** The id of each operation in `persisted-documents.json`: the SHA-256 of its text. */
export const operationIds: Readonly<Record<string, string>> = {
  "MediaPage": "c96d085c6221ac1b0da1bdd5c043d019efc2f83f3d6491b0f93b5e7ee0b641da",
  "MediaTimeline": "9a00cc0e14c4674b08615d41f3225b91eb8da79d9f13237acf88d642f07ad51b"
}
