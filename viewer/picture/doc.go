// Package picture shows an image file, and what the file says of itself.
//
// It knows the bytes of PNG, JPEG, GIF (its first frame), BMP and WebP. It must not know
// where they come from. Bytes of strangers are read with limits: the size that a
// picture claims is looked at before anything of that size is allocated
// ([MaxPixels]), and of texts within it only so many and so much ([Read]).
//
// A View draws only what it shows, at the pixels of the screen: at most a window's
// worth of memory at any zoom. All its methods are called on the UI thread.
package picture
