import { author, expired, post, signed } from './post.ts'

const lin = author('Lin', 'Okafor', 'Ecologist of invented coasts', '/media/avatar-lin.png')
const osei = author('Osei', 'Brandt', 'Measures computers that do not exist', '/media/avatar-osei.png')
const mara = author('Mara', 'Silvestri', 'Editor, The Imaginary Gazette', '/media/avatar-mara.png')

const image = (path: string, width: number, height: number): object => ({
  type: 'image',
  url: signed(path),
  images: [{ url: signed(path), width, height }],
})

/** Twenty invented posts, in the shape of the LinkedIn post scraper's dataset, with what goes wrong in the field. */
export function makePosts(): unknown[] {
  const original = post('2026-10-02T08:15:00Z', 1, lin, 'The harbour at seven. No filter, no harbour.', {
    media: image('/media/harbour.jpg', 1600, 1067),
  })
  return [
    original,
    post('2026-10-03T09:00:00Z', 2, lin, 'The meadow after the flood.', {
      media: image('/media/meadow.jpg', 1600, 1067),
    }),
    post('2026-10-04T10:30:00Z', 3, lin, 'A walk in three pictures.', {
      media: {
        type: 'images',
        images: [1, 2, 3].map((n) => ({ url: signed(`/media/walk-${n}.jpg`), width: 1080, height: 1080 })),
      },
    }),
    post('2026-10-05T07:45:00Z', 4, osei, 'The numbers are in. Slide attached.', {
      media: image('/media/slide.png', 1280, 720),
    }),
    post('2026-10-06T16:20:00Z', 5, osei, 'One chart to rule them all.', {
      media: image('/media/chart.webp', 1200, 675),
    }),
    post('2026-10-07T12:00:00Z', 6, osei, 'Three seconds of sun.', {
      media: { type: 'video', url: signed('/media/clip.mp4'), thumbnail: signed('/media/clip-poster.jpg') },
    }),
    post('2026-10-08T11:10:00Z', 7, lin, 'Our field notes, as a document.', {
      media: { type: 'document', url: signed('/media/report.pdf'), thumbnail: signed('/media/meadow.jpg') },
    }),
    post('2026-10-09T18:05:00Z', 8, mara, 'Worth reading on a train.', {
      article: {
        url: 'https://gazette.example/tidal-meadows',
        title: 'Tidal meadows, explained to a train',
        subtitle: 'gazette.example',
        thumbnail: signed('/media/article.jpg'),
      },
    }),
    post('2026-10-10T08:00:00Z', 9, mara, 'Sharing this, because the light!', {
      post_type: 'repost',
      reshared_post: original,
    }),
    post('2026-10-11T08:30:00Z', 10, mara, 'What Osei says. Quoting for the slide.', {
      post_type: 'quote',
      reshared_post: post('2026-10-05T07:45:00Z', 4, osei, 'The numbers are in.', {
        media: image('/media/slide.png', 1280, 720),
      }),
    }),
    post('2026-10-12T20:00:00Z', 11, mara, 'No picture today. Imagine one.'),
    // One picture, three more URLs.
    post('2026-10-13T06:50:00Z', 12, osei, 'That harbour again.', {
      media: image('/copies/harbour-2048.jpg', 1600, 1067),
    }),
    post('2026-10-14T06:50:00Z', 13, mara, 'From the archive: the harbour.', {
      media: image('/copies/harbour-original.jpg', 1600, 1067),
    }),
    post('2026-10-15T06:50:00Z', 14, lin, 'Harbour, third upload.', {
      media: { type: 'images', images: [signed('/copies/harbour-small.jpg'), signed('/media/dusk.jpg')] },
    }),
    post('2026-10-16T14:00:00Z', 15, lin, 'This link died long ago.', {
      media: {
        type: 'image',
        url: expired('/media/ridge.jpg'),
        images: [{ url: expired('/media/ridge.jpg'), width: 1600, height: 1200 }],
      },
    }),
    post('2026-10-17T14:00:00Z', 16, osei, 'The author took this one down.', {
      media: image('/media/taken-down.jpg', 800, 600),
    }),
    post('2026-10-18T14:00:00Z', 17, mara, 'The server says it is a picture.', {
      media: image('/lies/login-page.jpg', 800, 600),
    }),
    {
      activity_id: String((BigInt(Date.parse('2026-10-19T09:00:00Z')) << 22n) + 18n),
      posted_at: {
        date: '2026-10-19 09:00:00',
        relative: '1mo',
        timestamp: Date.parse('2026-10-19T09:00:00Z'),
      },
      text: 'A post as an older export wrote it.',
      post_url: 'https://www.linkedin.com/posts/lin-okafor_older',
      post_type: 'regular',
      author: lin,
      stats: { total_reactions: 4, like: 4 },
      media: { type: 'images', items: [{ url: signed('/media/dusk.jpg') }] },
    },
    // Broken: nothing says which post this is.
    { text: 'A post that lost its name.', posted_at: { timestamp: 'yesterday' }, author: mara },
    post('2026-10-20T09:00:00Z', 20, osei, 'Goodnight from an address that no archive may call.', {
      media: { type: 'image', url: 'http://169.254.169.254/latest/meta-data/picture.jpg' },
    }),
  ]
}
