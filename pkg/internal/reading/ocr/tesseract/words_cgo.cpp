//go:build cgo

#include "words_cgo.h"
#include <tesseract/resultiterator.h>

using tesseract::LTRResultIterator;
using tesseract::PageIterator;

// A ResultIterator looks at every step for lines that run from right to left, in time that
// grows with the square of the lines: hOCR took 3 % of a page. What it is derived from
// goes from left to right.
int congvan_word(TessResultIterator *it, struct congvan_word *w) {
	while (!it->Empty(tesseract::RIL_BLOCK) && it->Empty(tesseract::RIL_WORD)) it->PageIterator::Next(tesseract::RIL_WORD);
	if (it->Empty(tesseract::RIL_BLOCK)) return 0;
	w->starts_block = it->PageIterator::IsAtBeginningOf(tesseract::RIL_BLOCK);
	w->starts_par = it->PageIterator::IsAtBeginningOf(tesseract::RIL_PARA);
	w->starts_line = it->PageIterator::IsAtBeginningOf(tesseract::RIL_TEXTLINE);
	if (w->starts_line) it->BoundingBox(tesseract::RIL_TEXTLINE, &w->line_left, &w->line_top, &w->line_right, &w->line_bottom);
	it->BoundingBox(tesseract::RIL_WORD, &w->left, &w->top, &w->right, &w->bottom);
	w->sure = it->Confidence(tesseract::RIL_WORD);
	w->text = it->LTRResultIterator::GetUTF8Text(tesseract::RIL_WORD);
	it->PageIterator::Next(tesseract::RIL_WORD);
	return 1;
}
