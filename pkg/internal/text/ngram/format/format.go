// Package format is the file of a language model, as far as its reader (ngram)
// and its writer (lab/lm) must agree: sizes, the first words, bits and tables.
package format

import "hash/crc32"

// The file of a model. Numbers are little-endian; all but the last part is small
// and decoded when the model is loaded, the tree is read in place.
//
//	8 bytes   "cvanLM02"; the last two digits are the version
//	4         CRC-32C of all that follows
//	4         order; bits of a probability; bits of a back-off weight; 0
//	4 × 4     number of words V; bytes of the summary, the words and the tree
//	          the summary, JSON (see ngram.Summary)
//	          the words: a byte for the length of each, then the word
//	2 V       how often each word has a capital, in log odds (see CapStep)
//	4 V       log10 probability of each word alone, float32
//	          for each order n from 2: what the codes of probabilities of
//	          n-grams stand for, 2^bits float32, then the same for back-off
//	          weights of contexts of n-1 words
//	2 V       the words as the tree numbers them, those alike without their marks
//	          side by side; the first of them has FirstOfForm added. Version 01 has no
//	          such list: words are numbered as they come
//	4 V       the node of each word as a context, 0xFFFFFFFF for none
//	          the tree, and 8 zero bytes
//
// The tree has a node for each context, below that of the context without its
// first word: "của" has a child "quốc của", that has "trung quốc của". A node
// lists the words that were seen after its context. Since what follows "quốc
// của" also follows "của" (training sees to that), a word is listed by its place
// in the list of the node above, which takes a few bits instead of fourteen; only
// the lists right under the root hold numbers of words. Since words alike without
// their marks have numbers side by side, their places are side by side in all lists,
// and one search finds all of them. To score a word one goes down from the
// shortest context as long as the word is listed, and adds the back-off weights
// of the longer contexts. Addresses of nodes count units of 4 bits from the
// start of the tree. A node is a string of bits, fields lowest bit first:
//
//	code of the back-off weight
//	number n of words listed, at least 1, in Elias' gamma code
//	number of children + 1, in gamma code, and if there are any, 5 bits for
//	  the width of their offsets; contexts of order-1 words lack both
//	table of the words: place in the list above, code of the probability
//	table of the children: number of the further word, offset of its node
//	zeros up to a multiple of 4 bits
//	the nodes of the children; offsets count from here, in units
//
// A table is described at its type, Table. Gamma code of v is as many zeros as v has
// bits after its highest, a one, then those bits.
//
// Example: in a model of order 3, 5 bits a code and 300 words, let "của" list
// the words numbered 7 and 290 with the probability codes 20 and 3, have the back-off code
// 9, and no children. 300 words make numbers of 9 bits. Its node is, in the order of
// writing, with the lowest bit of each field first,
//
//	10010           back-off code 9
//	01 0            two words listed: one zero, a one, the low bit of 2
//	1               no children: 0+1
//	111000000 00101 word 7, code 20
//	010001001 11000 word 290, code 3
//	000             up to a multiple of four
//
// so the bytes are 49 0F 50 91 03. "của" in a context that lists both would be
// the place 0 or 1 instead, one bit.
const (
	Magic      = "cvanLM02"
	Magic1     = "cvanLM01"
	HeaderSize = len(Magic) + 4 + 4 + 4*4
	Unit       = 4         // bits; nodes begin at multiples of it
	NoNode     = 1<<32 - 1 // in place of an address: there is none
	MaxOrder   = 5
)

// IDBits bounds the vocabulary, so that four words of context and the word they
// predict fit in a sort key.
const (
	IDBits   = 14
	MaxVocab = 1 << IDBits
)

// FirstOfForm marks a word that does not read like the one numbered before it.
const FirstOfForm = 1 << 15

// Specials are the first words of every vocabulary; ngram names their IDs.
var Specials = [...]string{"", "<s>", "</s>", "<unk>", "<foreign>"}

// CapStep is how many steps of the stored log odds of a capital make one nat;
// 128 stands for even odds.
const CapStep = 12

// Checksum is what the header must hold for a file.
func Checksum(file []byte) uint32 {
	return crc32.Checksum(file[len(Magic)+4:], crc32.MakeTable(crc32.Castagnoli))
}
