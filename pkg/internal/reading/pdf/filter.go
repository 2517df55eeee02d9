package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/ascii85"
	"fmt"
	"io"

	"golang.org/x/image/tiff/lzw"
)

// decode undoes one filter. parm returns an integer of its parameters.
func decode(b []byte, filter Name, parm func(key Name, def int) int) ([]byte, error) {
	switch filter {
	case "FlateDecode", "Fl":
		z, err := zlib.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, fmt.Errorf("FlateDecode: %w", err)
		}
		if b, err = readAll(z); err != nil {
			return nil, fmt.Errorf("FlateDecode: %w", err)
		}
		return unpredict(b, parm)
	case "LZWDecode", "LZW":
		if parm("EarlyChange", 1) == 0 {
			return nil, fmt.Errorf("LZWDecode with EarlyChange 0 is not supported")
		}
		b, err := readAll(lzw.NewReader(bytes.NewReader(b), lzw.MSB, 8))
		if err != nil {
			return nil, fmt.Errorf("LZWDecode: %w", err)
		}
		return unpredict(b, parm)
	case "ASCIIHexDecode", "AHx":
		l := &lexer{buf: append(append([]byte{'<'}, b...), '>')}
		s, err := l.hex()
		if err != nil {
			return nil, err
		}
		return []byte(s.(String)), nil
	case "ASCII85Decode", "A85":
		if i := bytes.Index(b, []byte("~>")); i >= 0 {
			b = b[:i]
		}
		return readAll(ascii85.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte("<~")))))
	case "RunLengthDecode", "RL":
		return runLength(b)
	}
	return nil, fmt.Errorf("filter %s is not supported", filter)
}

func readAll(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxStream+1))
	if err == nil && len(b) > maxStream {
		err = fmt.Errorf("more than %d MB", maxStream>>20)
	}
	return b, err
}

func runLength(b []byte) ([]byte, error) {
	var out []byte
	for i := 0; i < len(b) && b[i] != 128 && len(out) <= maxStream; {
		n := int(b[i])
		i++
		if n < 128 {
			out = append(out, b[i:min(i+n+1, len(b))]...)
			i += n + 1
			continue
		}
		if i < len(b) {
			out = append(out, bytes.Repeat(b[i:i+1], 257-n)...)
			i++
		}
	}
	return out, nil
}

// unpredict undoes PNG predictors, which cross-reference streams use; content
// has none.
func unpredict(b []byte, parm func(Name, int) int) ([]byte, error) {
	p := parm("Predictor", 1)
	if p <= 1 {
		return b, nil
	}
	colors, bits, columns := parm("Colors", 1), parm("BitsPerComponent", 8), parm("Columns", 1)
	if p < 10 || colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1<<20 {
		return nil, fmt.Errorf("predictor %d is not supported", p)
	}
	bpp, row := max(1, colors*bits/8), (colors*bits*columns+7)/8
	out := make([]byte, 0, len(b))
	prev := make([]byte, row)
	for len(b) > 1 {
		kind := b[0]
		cur := make([]byte, row)
		b = b[1+copy(cur, b[1:]):]
		for i := range cur {
			var left, upLeft byte
			if i >= bpp {
				left, upLeft = cur[i-bpp], prev[i-bpp]
			}
			switch kind {
			case 1:
				cur[i] += left
			case 2:
				cur[i] += prev[i]
			case 3:
				cur[i] += byte((int(left) + int(prev[i])) / 2)
			case 4:
				cur[i] += paeth(left, prev[i], upLeft)
			}
		}
		out = append(out, cur...)
		prev = cur
	}
	return out, nil
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := abs(p-int(a)), abs(p-int(b)), abs(p-int(c))
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}

func abs(x int) int { return max(x, -x) }
