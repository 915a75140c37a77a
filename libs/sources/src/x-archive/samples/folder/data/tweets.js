window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654068474147766273"
          ],
          "editableUntil" : "2023-05-04T11:20:30.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [
          {
            "text" : "harbour",
            "indices" : [
              "20",
              "28"
            ]
          }
        ],
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
            "media_url" : "http://pbs.twimg.com/media/INVaaa1.jpg",
            "id_str" : "1654000000000000001",
            "id" : "1654000000000000001",
            "media_url_https" : "https://pbs.twimg.com/media/INVaaa1.jpg",
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
        "45"
      ],
      "favorite_count" : "3",
      "id_str" : "1654068474147766273",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654068474147766273",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:20:30 +0000 2023",
      "favorited" : false,
      "full_text" : "The harbour at dawn #harbour https://t.co/inv",
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
            "media_url" : "http://pbs.twimg.com/media/INVaaa1.jpg",
            "id_str" : "1654000000000000001",
            "id" : "1654000000000000001",
            "media_url_https" : "https://pbs.twimg.com/media/INVaaa1.jpg",
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
            "display_url" : "pic.twitter.com/inv",
            "ext_alt_text" : "A grey harbour"
          },
          {
            "expanded_url" : "https://twitter.com/ada_invented/status/1/photo/1",
            "indices" : [
              "20",
              "43"
            ],
            "url" : "https://t.co/inv",
            "media_url" : "http://pbs.twimg.com/media/INVaaa2.png",
            "id_str" : "1654000000000000002",
            "id" : "1654000000000000002",
            "media_url_https" : "https://pbs.twimg.com/media/INVaaa2.png",
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
      }
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654068725806006274"
          ],
          "editableUntil" : "2023-05-04T11:21:30.000Z",
          "editsRemaining" : "5",
          "isEditEligible" : true
        }
      },
      "retweeted" : false,
      "source" : "<a href=\"https://mobile.twitter.com\" rel=\"nofollow\">Twitter Web App</a>",
      "entities" : {
        "hashtags" : [],
        "symbols" : [],
        "user_mentions" : [
          {
            "name" : "Bob",
            "screen_name" : "bob_invented",
            "indices" : [
              "0",
              "13"
            ],
            "id_str" : "42",
            "id" : "42"
          }
        ],
        "urls" : []
      },
      "display_text_range" : [
        "0",
        "38"
      ],
      "favorite_count" : "3",
      "id_str" : "1654068725806006274",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654068725806006274",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:21:30 +0000 2023",
      "favorited" : false,
      "full_text" : "@bob_invented a video https://t.co/inv",
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
            "media_url" : "http://pbs.twimg.com/ext_tw_video_thumb/1654000000000000003/pu/img/INVthumb.jpg",
            "id_str" : "1654000000000000003",
            "id" : "1654000000000000003",
            "media_url_https" : "https://pbs.twimg.com/ext_tw_video_thumb/1654000000000000003/pu/img/INVthumb.jpg",
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
            "type" : "video",
            "display_url" : "pic.twitter.com/inv",
            "video_info" : {
              "aspect_ratio" : [
                "16",
                "9"
              ],
              "duration_millis" : "12345",
              "variants" : [
                {
                  "content_type" : "application/x-mpegURL",
                  "url" : "https://video.twimg.com/ext_tw_video/1654000000000000003/pu/pl/INVpl.m3u8?tag=12"
                },
                {
                  "bitrate" : "632000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/ext_tw_video/1654000000000000003/pu/vid/320x180/INVlow.mp4?tag=12"
                },
                {
                  "bitrate" : "2176000",
                  "content_type" : "video/mp4",
                  "url" : "https://video.twimg.com/ext_tw_video/1654000000000000003/pu/vid/1280x720/INVhigh.mp4?tag=12"
                }
              ]
            }
          }
        ]
      },
      "in_reply_to_status_id" : "1653000000000000009",
      "in_reply_to_status_id_str" : "1653000000000000009",
      "in_reply_to_user_id" : "42",
      "in_reply_to_screen_name" : "bob_invented"
    }
  },
  {
    "tweet" : {
      "edit_info" : {
        "initial" : {
          "editTweetIds" : [
            "1654068977464246275"
          ],
          "editableUntil" : "2023-05-04T11:22:30.000Z",
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
        "49"
      ],
      "favorite_count" : "3",
      "id_str" : "1654068977464246275",
      "truncated" : false,
      "retweet_count" : "1",
      "id" : "1654068977464246275",
      "possibly_sensitive" : false,
      "created_at" : "Thu May 04 10:22:30 +0000 2023",
      "favorited" : false,
      "full_text" : "RT @carla_invented: our new boat https://t.co/inv",
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
            "media_url" : "http://pbs.twimg.com/media/INVboat.jpg",
            "id_str" : "1654000000000000004",
            "id" : "1654000000000000004",
            "media_url_https" : "https://pbs.twimg.com/media/INVboat.jpg",
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
            "display_url" : "pic.twitter.com/inv",
            "source_status_id" : "1652000000000000007",
            "source_status_id_str" : "1652000000000000007",
            "source_user_id" : "43"
          }
        ]
      }
    }
  }
]
