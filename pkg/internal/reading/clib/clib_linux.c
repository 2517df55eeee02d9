//go:build cgo && (amd64 || arm64)

// The functions of the libraries are defined here once more, each as a jump to where
// congvan_load has found it. The linker takes these, hidden from others, and so needs no
// library (--as-needed). One that is called and missing below is taken from its library,
// which then is loaded at the start as ever.
#include <dlfcn.h>
#include <stddef.h>
#include <leptonica/allheaders.h>
#include <tesseract/version.h>

#define TEXT(x) #x
#define TEXT_OF(x) TEXT(x)

#if LIBLEPT_MAJOR_VERSION > 1 || LIBLEPT_MINOR_VERSION >= 83
#define LEPTONICA "libleptonica.so.6"
#else
#define LEPTONICA "liblept.so.5"
#endif
#define TESSERACT "libtesseract.so." TEXT_OF(TESSERACT_MAJOR_VERSION)

#define OF_LEPTONICA(F) \
	F(TIFFClose) F(TIFFGetFieldDefaulted) F(TIFFIsCODECConfigured) F(TIFFIsTiled) F(TIFFNumberOfStrips) \
	F(TIFFOpen) F(TIFFRGBAImageOK) F(TIFFReadEncodedStrip) F(TIFFReadRGBAImageOriented) \
	F(TIFFSetErrorHandler) F(TIFFSetErrorHandlerExt) F(TIFFSetField) F(TIFFSetSubDirectory) \
	F(TIFFSetWarningHandler) F(TIFFSetWarningHandlerExt) F(TIFFStripSize) F(boxCreate) F(boxDestroy) \
	F(boxaDestroy) F(boxaGetBoxGeometry) F(boxaGetCount) F(lept_free) F(pixAnd) F(pixBackgroundNormSimple) \
	F(pixBlockconvGray) F(pixClipRectangle) F(pixClone) F(pixCloseSafeBrick) F(pixConnComp) F(pixConnCompBB) \
	F(pixConvertTo8) F(pixCopy) F(pixCountPixels) F(pixCreate) F(pixCreateNoInit) F(pixDestroy) \
	F(pixExpandBinaryPower2) F(pixFindSkewSweepAndSearch) F(pixGetData) F(pixGetDepth) F(pixGetHeight) \
	F(pixGetWidth) F(pixGetWpl) F(pixGetXRes) F(pixOr) F(pixRasterop) F(pixRead) F(pixReadHeaderMem) \
	F(pixReadMem) F(pixReduceRankBinaryCascade) F(pixRemoveAlpha) F(pixRemoveColormap) F(pixRotateAMGray) \
	F(pixRotateOrth) F(pixSeedfillBinary) F(pixSelectBySize) F(pixSetMasked) F(pixSetOrClearBorder) \
	F(pixSetResolution) F(pixSubtract) F(pixThresholdToBinary) F(pixWriteMemBmp) F(pixWriteMemSpix) \
	F(pixaDestroy) F(pixaGetPix) F(setMsgSeverity)

#define OF_TESSERACT(F) \
	F(TessBaseAPIGetInitLanguagesAsString) F(TessBaseAPIGetIterator) F(TessBaseAPIRecognize) \
	F(TessBaseAPISetImage2) F(TessBaseAPISetPageSegMode) F(TessBaseAPISetSourceResolution) \
	F(TessBaseAPISetVariable) F(TessDeleteText) F(TessResultIteratorDelete) F(_Unwind_Resume) \
	F(_ZN9tesseract11TessBaseAPI11GetDatapathEv) F(_ZN9tesseract11TessBaseAPI11GetHOCRTextEi) \
	F(_ZN9tesseract11TessBaseAPI11GetIteratorEv) F(_ZN9tesseract11TessBaseAPI11GetUTF8TextEv) \
	F(_ZN9tesseract11TessBaseAPI11SetVariableEPKcS2_) \
	F(_ZN9tesseract11TessBaseAPI14SetPageSegModeENS_11PageSegModeE) \
	F(_ZN9tesseract11TessBaseAPI19SetSourceResolutionEi) \
	F(_ZN9tesseract11TessBaseAPI20ClearPersistentCacheEv) \
	F(_ZN9tesseract11TessBaseAPI20GetSourceYResolutionEv) F(_ZN9tesseract11TessBaseAPI3EndEv) \
	F(_ZN9tesseract11TessBaseAPI4InitEPKcS2_NS_13OcrEngineModeEPPciPKSt6vectorINSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEESaISC_EESG_b) \
	F(_ZN9tesseract11TessBaseAPI5ClearEv) F(_ZN9tesseract11TessBaseAPI7VersionEv) \
	F(_ZN9tesseract11TessBaseAPI8SetImageEP3Pix) F(_ZN9tesseract11TessBaseAPI9RecognizeEPNS_10ETEXT_DESCE) \
	F(_ZN9tesseract11TessBaseAPIC1Ev) F(_ZN9tesseract11TessBaseAPID1Ev) \
	F(_ZN9tesseract12PageIterator4NextENS_17PageIteratorLevelE) \
	F(_ZNK9tesseract11TessBaseAPI14GetPageSegModeEv) \
	F(_ZNK9tesseract12PageIterator11BoundingBoxENS_17PageIteratorLevelEPiS2_S2_S2_) \
	F(_ZNK9tesseract12PageIterator15IsAtBeginningOfENS_17PageIteratorLevelE) \
	F(_ZNK9tesseract12PageIterator5EmptyENS_17PageIteratorLevelE) \
	F(_ZNK9tesseract17LTRResultIterator10ConfidenceENS_17PageIteratorLevelE) \
	F(_ZNK9tesseract17LTRResultIterator11GetUTF8TextENS_17PageIteratorLevelE) F(_ZdlPv) F(_Znwm) \
	F(__cxa_guard_abort) F(__cxa_guard_acquire) F(__cxa_guard_release) F(__gxx_personality_v0)

// Those that this program does itself, for Tesseract, and may hand on.
#define DONE_HERE(F) F(pixWriteMem)

#ifdef __x86_64__
#define JUMP(at) "jmp *" at "(%rip)\n"
#else
#define JUMP(at) "adrp x16, " at "\n ldr x16, [x16, :lo12:" at "]\n br x16\n"
#endif
#define PLACE(name) __attribute__((used, visibility("hidden"))) void *congvan_at_##name;
#define FORWARD(name) \
	PLACE(name) \
	__asm__(".text\n .p2align 4\n .globl " #name "\n .hidden " #name "\n .type " #name ", %function\n" \
		#name ":\n" JUMP("congvan_at_" #name) " .size " #name ", . - " #name "\n");

OF_LEPTONICA(FORWARD)
OF_TESSERACT(FORWARD)
DONE_HERE(PLACE)

// For those who pack programs, as https://systemd.io/ELF_DLOPEN_METADATA has it.
__asm__(".pushsection .note.dlopen, \"a\", %note\n .p2align 2\n"
	" .4byte 4, 2f - 1f, 0x407c0c0a\n .asciz \"FDO\"\n1: .asciz \"["
	"{\\\"soname\\\":[\\\"" LEPTONICA "\\\"],\\\"feature\\\":\\\"ocr\\\",\\\"priority\\\":\\\"required\\\"},"
	"{\\\"soname\\\":[\\\"" TESSERACT "\\\"],\\\"feature\\\":\\\"ocr\\\",\\\"priority\\\":\\\"required\\\"}"
	"]\"\n2: .p2align 2\n .popsection\n");

struct function { const char *name; void **at; };
#define ROW(name) {#name, &congvan_at_##name},
static const struct library {
	const char *soname;
	const struct function *functions;
} libraries[] = {
	{LEPTONICA, (const struct function[]){OF_LEPTONICA(ROW) DONE_HERE(ROW){NULL}}},
	{TESSERACT, (const struct function[]){OF_TESSERACT(ROW){NULL}}},
};

const char *congvan_soname(int library) { return libraries[library].soname; }

// Returns NULL, or what is wrong. A function that a version of the library does not have
// is not called either: its headers don't have it.
const char *congvan_load(int library) {
	void *handle = dlopen(libraries[library].soname, RTLD_LAZY);
	if (handle == NULL) return dlerror();
	for (const struct function *f = libraries[library].functions; f->name != NULL; f++) *f->at = dlsym(handle, f->name);
	return NULL;
}
