package source

// Count is what the words of a text are.
type Count struct {
	Words    int // without numbers and single letters
	Marked   int // Vietnamese syllables with marks
	Strong   int // of them, with letters that no other language has
	Toned    int // of them, with a tone
	Listed   int // known without their marks
	Pairs    int // pairs of words that are frequent in Vietnamese
	Mixed    int // letters and digits
	Odd      int // letters outside ASCII, but no Vietnamese
	Alike    int // of them, Vietnamese but for letters that only look right: ƣ, a Cyrillic о
	Bareness int // tenths: how many of the unmarked words need no marks
	Lost     int // U+FFFD, private use, and "?" inside words
	Signs    int // signs of Windows-1252 beside letters
	ASCII    int // marks that VIQR would use
	Pieces   int // of syllables, spaced out
	Onsets   int // of them, without a vowel: languages have words of one vowel
	Glued    int // syllables that lost the spaces between them
	Tokens   int // words, numbers, single letters

	log [paths]float32 // log10 of the probability of the words' kinds in each state
}

// Add counts the words of another text, too.
func (c *Count) Add(d *Count) {
	c.Words += d.Words
	c.Marked += d.Marked
	c.Strong += d.Strong
	c.Toned += d.Toned
	c.Listed += d.Listed
	c.Pairs += d.Pairs
	c.Mixed += d.Mixed
	c.Odd += d.Odd
	c.Alike += d.Alike
	c.Bareness += d.Bareness
	c.Lost += d.Lost
	c.Signs += d.Signs
	c.ASCII += d.ASCII
	c.Pieces += d.Pieces
	c.Onsets += d.Onsets
	c.Glued += d.Glued
	c.Tokens += d.Tokens
	for i := range c.log {
		c.log[i] += d.log[i]
	}
}

// Least words to call a text garbled or stripped.
const (
	leastWords = 12 // in a whole text
	leastPart  = 24 // in a part of one

	leastLost = 3 // letters, to call one broken: people write "a?b", too
)

// state decides from the counts. The limits are from 500 development texts of
// 3,000 bytes, clean, stripped and without tones, 400 pages garbled by an English
// reader, and the Universal Declaration of Human Rights in 530 other languages:
//
//	                 marked/words  pairs/words    listed/words  signs/words  toned/marked
//	clean            0.70 – 0.93                  0.84 – 1                   0.7 – 1
//	garbled          0.01 – 0.17   0.08 – 0.47    0.62 – 0.93   0.10 – 0.35
//	stripped         0             0.09 – 0.64    0.84 – 1      0.00 – 0.04
//	toneless         0.3 – 0.5                    0.7 – 1                    0
//	other languages  0.00 – 0.13   0.00 – 0.002   0.00 – 0.47
//
// where the signs of garble are words with digits, with letters that are not
// Vietnamese, and the few that come out as marked syllables.
func (c *Count) state(least int) State {
	n, signs := c.Words, c.Mixed+c.Odd+c.Marked
	viet := n >= least && c.Pairs >= 3 && c.Pairs*25 >= n && c.Listed*2 >= n
	switch {
	case c.Tokens == 0:
		return Foreign
	case c.Lost >= leastLost && c.Lost*20 >= c.Tokens:
		return Broken
	case c.Pieces >= 6 && c.Pieces*2 >= c.Tokens && c.Onsets*3 >= c.Pieces:
		return Spaced
	case n == 0:
		return Foreign
	case n >= least && c.toneless():
		return Toneless
	case n < least && c.Toned == 0 && c.log[pathToneless]-c.log[pathClean] > oddsClean:
		return Foreign // too little to say
	case c.Marked*5 >= n && c.Toned*8 < c.Marked && c.Listed*2 >= n && n >= least:
		return Garbled
	case c.Marked*5 >= 2*n && c.Listed*2 >= n && c.Strong*5 >= c.Marked:
		return Clean
	case c.Marked*5 >= n && (c.Odd+c.Mixed)*20 < n && c.Pairs*50 >= n && c.Pairs > 0:
		return Clean // among something else, as in a table of translations
	case !viet:
		return Foreign
	case signs*20 >= n+10:
		return Garbled
	case c.Listed*4 >= 3*n || c.Pairs*10 >= n && signs*50 < n:
		return Stripped
	case c.Pairs*10 >= n:
		return Garbled
	}
	return Foreign
}

// toneless reports whether the words kept the shapes of their letters and no tones.
func (c *Count) toneless() bool {
	return c.Marked*5 >= c.Words && c.Toned*8 < c.Marked && c.Listed*2 >= c.Words && c.log[pathToneless] > c.log[pathGarbled]
}

// Wrong estimates the words that are not what they should be.
func (c *Count) Wrong() int {
	if c.Toned*8 < c.Marked {
		return c.Words - c.Bareness/10 - c.Marked/4
	}
	return c.Words - c.Marked - c.Bareness/10
}
