export { drawPicture } from './draw-picture.ts'
export { createPictureDrawer, type PictureDrawer, type PictureDrawerOptions } from './picture-drawer.ts'
export {
  NoPictureError,
  type NoPictureCode,
  type Picture,
  type PictureOptions,
  type PictureSource,
} from './picture.ts'
