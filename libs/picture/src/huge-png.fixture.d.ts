/** A valid PNG of a few hundred kilobytes at most: black, one bit a pixel. */
export declare function hugePng(width: number, height: number): Buffer
//# sourceMappingURL=huge-png.fixture.d.ts.map
