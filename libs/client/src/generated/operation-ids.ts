/** The id of each operation in `persisted-documents.json`: the SHA-256 of its text. */
export const operationIds: Readonly<Record<string, string>> = {
  "ArchiveMedia": "f49cf302261b7ed32c5428978191194fd2de4818fc394c333fbfcdad63f90cf9",
  "DownloadMedia": "ddc2a77f155e4b1d666d6d5ecbdca4f06f1aeb8f6e48019807503700e4052999",
  "ImportPosts": "f9ea4d72da6fac07ca93e185e6cd0ed1e3bc1e089c45108ab1035504dec76b6b",
  "RejectMedia": "491bc46c231a5b45b4d03cfc88671103c3a5bde14725c4feb3b12dd8b187f6ff",
  "RequeueAnalysis": "27e52db2971d6493caf35c42e453509a2679bac71f01ebcac19a1ab5f6f8220a",
  "RestoreMedia": "c53808639c0f8fdc5447e2c08880c60d71fba30aa194532077909567a48a7c23",
  "VerifyMedia": "ff2abcfab536d331b1c03010b80159685e427deba9dbcff4004a39e6761f25ea",
  "EventCursor": "e0431c5f87bfb390dde89c5100ea87b5d1242dd80a3e1ad8afd1ba190a2eb31f",
  "ImportRunDetail": "90806f0fb8af22b1affa6621a2bf5eb7a184dd189b87efa779da7ec024535265",
  "ImportRuns": "bb20d42ca106c0f4b00fb3b5b190ad0ac578eaf287a96069f0e520713b26609c",
  "MediaDetail": "6e7cbe4f458f993e520ebee643a234c4b507e5685d104358b52b205ade749506",
  "MediaFiles": "90f236fb9d5ba4866e1cf4c8f24c9a12c2da8316eef9843d2c19ccf169711462",
  "MediaPage": "f36e3eba7ae4c1a6967a5ab4ef0a639799340e3b639575574f489647267dda3b",
  "MediaTimeline": "9a00cc0e14c4674b08615d41f3225b91eb8da79d9f13237acf88d642f07ad51b",
  "SimilarMedia": "a48c7b62df06767e69dbd897910565c77f208fdb5463fa74a389d846153f53e6",
  "ImportProgress": "6d0bb43079c89b1cd7086d9b51f44eb4f63cb8a9ccff6a2fa2f0ed79066d2c51",
  "MediaStatusChanged": "6a638210f032d1c51f6dee2c0bdef6d3d6e113bdd054bde1181f6547d4a298f9"
}
