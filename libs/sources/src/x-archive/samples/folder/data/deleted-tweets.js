window.YTD.deleted_tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654069732438966279"
          ],
          "editableUntil" : "2023-05-04T11:25:30.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [],
        "symbols" : [],
        "user_mentions" : [],
        "urls" : []
      },
      "display_text_range" : [
        "0",
        "7"
      ],
      "favorite_count" : "3",
      "id_str" : "1654069732438966279",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654069732438966279",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:25:30 +0000 2023",
      "favorited" : false,
      "full_text" : "Deleted",
      "lang" : "en",
      "extended_entities" : {
        "media" : [
          {
            "expanded_url" : "https://twitter.com/ada_invented/status/1/photo/1",
            "indices" : [
              "20",
              "43"
            ],
            "url" : "https://t.co/inv",
            "media_url" : "http://pbs.twimg.com/media/INVdel.jpg",
            "id_str" : "1654000000000000008",
            "id" : "1654000000000000008",
            "media_url_https" : "https://pbs.twimg.com/media/INVdel.jpg",
            "sizes" : {
              "large" : {
                "w" : "1600",
                "h" : "1200",
                "resize" : "fit"
              },
              "thumb" : {
                "w" : "150",
                "h" : "150",
                "resize" : "crop"
              }
            },
            "type" : "photo",
            "display_url" : "pic.twitter.com/inv"
          }
        ]
      },
      "deleted_at" : "2023-05-04T10:27:10.000Z"
    }
  }
]
