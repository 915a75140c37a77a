window.YTD.tweets.part1 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654069229122486276"
          ],
          "editableUntil" : "2023-05-04T11:23:30.000Z",
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
        "urls" : [
          {
            "url" : "https://t.co/q",
            "expanded_url" : "https://twitter.com/bob_invented/status/1651000000000000005",
            "display_url" : "twitter.com/bob…",
            "indices" : [
              "8",
              "22"
            ]
          }
        ]
      },
      "display_text_range" : [
        "0",
        "22"
      ],
      "favorite_count" : "3",
      "id_str" : "1654069229122486276",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654069229122486276",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:23:30 +0000 2023",
      "favorited" : false,
      "full_text" : "A quote https://t.co/q",
      "lang" : "und"
    }
  },
  {
    "tweet" : {
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [],
        "symbols" : [],
        "user_mentions" : [],
        "urls" : [],
        "media" : [
          {
            "expanded_url" : "https://twitter.com/ada_invented/status/1/photo/1",
            "indices" : [
              "20",
              "43"
            ],
            "url" : "https://t.co/inv",
            "media_url" : "http://pbs.twimg.com/media/INVearly.jpg",
            "id_str" : "3000000000",
            "id" : "3000000000",
            "media_url_https" : "https://pbs.twimg.com/media/INVearly.jpg",
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
      "display_text_range" : [
        "0",
        "29"
      ],
      "favorite_count" : "3",
      "id_str" : "3070000000",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "3070000000",
      "possibly_sensitive" : false,
      "created_at" : "Sat Aug 01 07:00:00 +0000 2009",
      "favorited" : false,
      "full_text" : "An early one https://t.co/inv",
      "lang" : "en"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654069480780726277"
          ],
          "editableUntil" : "2023-05-04T11:24:30.000Z",
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
        "6"
      ],
      "favorite_count" : "3",
      "id_str" : "1654069480780726277",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654069480780726277",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:24:30 +0000 2023",
      "favorited" : false,
      "full_text" : "A loop",
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
            "media_url" : "http://pbs.twimg.com/ext_tw_video_thumb/1654000000000000006/pu/img/INVthumb.jpg",
            "id_str" : "1654000000000000006",
            "id" : "1654000000000000006",
            "media_url_https" : "https://pbs.twimg.com/ext_tw_video_thumb/1654000000000000006/pu/img/INVthumb.jpg",
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
            "type" : "animated_gif",
            "display_url" : "pic.twitter.com/inv",
            "video_info" : {
              "aspect_ratio" : [
                "16",
                "9"
              ],
              "duration_millis" : "12345",
              "variants" : [
                {
                  "bitrate" : "0",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/tweet_video/INVloop.mp4"
                }
              ]
            }
          }
        ]
      }
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654068474147766278"
          ],
          "editableUntil" : "2023-05-04T11:20:30.000Z",
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
        "5"
      ],
      "favorite_count" : "3",
      "id_str" : "unknown",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "unknown",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:20:30 +0000 2023",
      "favorited" : false,
      "full_text" : "no id",
      "lang" : "en"
    }
  }
]
