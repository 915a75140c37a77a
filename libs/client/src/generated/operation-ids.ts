/** The id of each operation in `persisted-documents.json`: the SHA-256 of its text. */
export const operationIds: Readonly<Record<string, string>> = {
  "ArchiveMedia": "867099b2460867e1e86c289aa9eb2afaf99baa69d923d8a58be2775b4fc6c32a",
  "DownloadMedia": "c70cd96b17a4d571784243b800b5703d931cbff5228fcdbe9691e6a85ef545b4",
  "ImportPosts": "f9ea4d72da6fac07ca93e185e6cd0ed1e3bc1e089c45108ab1035504dec76b6b",
  "RejectMedia": "24ef67e9e377beafef3398d4140b4fefa837e39795dba0d2f393c253b767af71",
  "RestoreMedia": "528a2cb230d25e0c7c2f37c3fa0ca0c312d5e044f4c93d9ca651f733f9b19dc0",
  "VerifyMedia": "bd82730bfad7e193cfc15f5fe1176a3d48162a0dd1d74ea77b5e4269256283f1",
  "EventCursor": "e0431c5f87bfb390dde89c5100ea87b5d1242dd80a3e1ad8afd1ba190a2eb31f",
  "ImportRunDetail": "90806f0fb8af22b1affa6621a2bf5eb7a184dd189b87efa779da7ec024535265",
  "ImportRuns": "bb20d42ca106c0f4b00fb3b5b190ad0ac578eaf287a96069f0e520713b26609c",
  "MediaDetail": "4435fa5c1b161ac33a02250d68f80d16af80c0684c851571880299b05e7e8252",
  "MediaPage": "0c73f861ca2e9a26d78cb2b834605377574aff00fbabf78e74b6f35fe29a2146",
  "MediaTimeline": "9a00cc0e14c4674b08615d41f3225b91eb8da79d9f13237acf88d642f07ad51b",
  "ImportProgress": "6d0bb43079c89b1cd7086d9b51f44eb4f63cb8a9ccff6a2fa2f0ed79066d2c51",
  "MediaStatusChanged": "6a638210f032d1c51f6dee2c0bdef6d3d6e113bdd054bde1181f6547d4a298f9"
}
