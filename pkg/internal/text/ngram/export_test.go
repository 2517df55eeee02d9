package ngram

// RowLeast is how many words a list must have to be unpacked.
const RowLeast = rowLeast

// LongRow is how many words it must have to be unpacked into bits.
const LongRow = longRow

// Unpacked reports whether the list of the words after w is unpacked.
func (m *Model) Unpacked(w ID) bool { return m.rowAfter(w) != nil }
