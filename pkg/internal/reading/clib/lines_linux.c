//go:build cgo && (amd64 || arm64)

// Tesseract writes each line as PNG in memory before its network sees it, and reads it
// back: 2.5 % of a page. Exported as the regions in openmp_linux.c are, this writes it as
// it is; the library reads what it has written in either way.
#include <dlfcn.h>
#include <leptonica/allheaders.h>

extern void *congvan_at_pixWriteMem;

l_ok pixWriteMem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format) {
	if (format == IFF_PNG) return pixWriteMemSpix(data, size, pix);
	l_ok (*library)(l_uint8 **, size_t *, PIX *, l_int32) = congvan_at_pixWriteMem;
	return library(data, size, pix, format);
}
