//go:build cgo && (amd64 || arm64)

// The parallel regions of OpenMP, for the one thread that a page is read with. Tesseract
// enters one a step of its network, 60,000 a page, and GCC's libgomp ends each, of however
// few threads, with a system call that wakes nobody: an eighth of what a page took. These
// are exported (-E): a library looks for its functions in the program first.

static __thread struct { unsigned done, all; } sections;

void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags) { body(data); }

// Returns which section is next, from 1, or 0.
unsigned GOMP_sections_next(void) { return sections.done < sections.all ? ++sections.done : 0; }

unsigned GOMP_sections_start(unsigned all) {
	sections.done = 0;
	sections.all = all;
	return GOMP_sections_next();
}

void GOMP_sections_end(void) {}
void GOMP_sections_end_nowait(void) {}

void GOMP_parallel_sections(void (*body)(void *), void *data, unsigned threads, unsigned all, unsigned flags) {
	__typeof__(sections) outer = sections;
	sections.done = 0;
	sections.all = all;
	body(data);
	sections = outer;
}
