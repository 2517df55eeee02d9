package evidence

// Bounds keep the search short. Each tells what it may lose.
type Bounds struct {
	// The decoder.
	Beam        int     // contexts followed at a node
	Margin      float32 // log10; contexts so much worse than the best of their node are dropped
	Ahead       float32 // the same with the word after: on stripped text less than one word in 10,000 differs from exact search
	ScoringBeam int     // Beam where only the score of a block is asked for

	// What a token may stand for.
	Candidates    int     // words that a token may stand for in one case pattern
	Worst         float64 // log10 that one may be worse than the best
	FewCandidates int     // the same where a few do
	FewWorst      float64
	LongWord      int // bytes: a longer token is no word of any language

	// Spaces lost and added.
	SplitWorse   float32 // log10: a token explained worse than this may be two
	PieceWorse   float32 // and a piece explained worse than this is not one
	SignsWorse   float32 // the same of a piece with signs in it
	LeastDivided int     // letters of a token that may be two
	MostDivided  int     // and the most
	LeastPiece   int     // letters of a piece
	MostPiece    int     // and the most: no syllable is longer
	MostJoined   int     // letters of a word that was read with a space in it
	MostParts    int     // spaces in it
	MostMerged   int     // characters of a word that was read with signs in it
	GluedDigits  int     // digits of a number that may be glued before a word
	ShortNumber  int     // digits of a number that may be a word
	ShortAcronym int     // letters up to which capitals may be a word's own: "BO" for "Bộ"
	LeastRight   float32 // log10: the least chance that a word was read right
	LeastWitness float32 // log10: no witness says more against a word

	// Numbers are spelled by chance: -log10 of the chance that one is just this one.
	ShortNumberCost float32 // of one or two digits
	YearCost        float32
	DateCost        float32 // of a date
	MostNumberCost  float32 // of any
	LabelCost       float32 // of a sign of a label: D16

	// Lines.
	LongLine int // bytes: a line that is full, so that its sentence may go on
	WideLine int // the same, times LongLine: a line that was never wrapped

	// Tones on wrong letters in clean text are the program's that made it, not the
	// author's, if a block has so many, and one in so many words.
	LeastMisplaced, MisplacedOf int

	// SureChange is the confidence of a word that is changed where the language model knows
	// little: a name that a reader which keeps marks has read wrong, or any word of a
	// stripped block that is partly in another language.
	SureChange float64

	// The second look.
	Doubtful    float32 // a word less probable among those with its letters is looked at again
	LeastChance float32 // and so are others from here on
	LeastTaught float32 // the same in lessons
	MostPlaces  int     // like places that are asked about one
	Against     float32 // nats that a like place can say against a word

	// Memory of the program, not of the text.
	Finds    int // candidates remembered in each half: 6 MB
	Readings int // words whose readings are remembered
}

// DefaultBounds are those of the program.
func DefaultBounds() *Bounds {
	return &Bounds{
		Beam: 60, Margin: 4.5, Ahead: 3.8, ScoringBeam: 20,
		Candidates: 64, Worst: 5.5, FewCandidates: 24, FewWorst: 4.5, LongWord: 40,
		SplitWorse: 2.5, PieceWorse: 2, SignsWorse: 9, LeastDivided: 4, MostDivided: 24, LeastPiece: 2, MostPiece: 8,
		MostJoined: 8, MostParts: 3, MostMerged: 10, GluedDigits: 4, ShortNumber: 2, ShortAcronym: 3,
		LeastRight: -3, LeastWitness: -7,
		ShortNumberCost: 1.3, YearCost: 1.5, DateCost: 3.5, MostNumberCost: 8, LabelCost: 1.3,
		LongLine: 60, WideLine: 3, LeastMisplaced: 2, MisplacedOf: 25, SureChange: 0.9,
		Doubtful: 0.98, LeastChance: 5e-3, LeastTaught: 1e-4, MostPlaces: 30, Against: 5,
		Finds: 1 << 19, Readings: 1 << 14,
	}
}
