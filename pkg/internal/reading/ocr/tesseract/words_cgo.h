#include <tesseract/capi.h>

// A word, and what begins with it. The text is for TessDeleteText.
struct congvan_word {
	char *text;
	float sure; // in percent
	int left, top, right, bottom;
	int starts_block, starts_par, starts_line;
	int line_left, line_top, line_right, line_bottom; // if a line starts
};

#ifdef __cplusplus
extern "C"
#endif
// Returns the word at which an iterator stands, which goes to the next one, or 0 at the end.
int congvan_word(TessResultIterator *it, struct congvan_word *word);
