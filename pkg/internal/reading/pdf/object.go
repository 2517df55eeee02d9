// Package pdf knows as much of PDF as it takes to put a text layer on pages:
// reading the objects of a file one at a time, appending an incremental update
// that leaves every byte of the source as it was, and building a file of page
// images. Drawing pages, encryption and everything else is for others.
package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// An Object is nil (null), bool, Number, String, Name, Array, Dict, Ref or, in
// content streams, Keyword.
type Object any

// Number is kept as it was written, so that writing it again changes nothing.
type Number string

// String holds the bytes of a string.
type String string

// Name is a name without its slash, escapes resolved.
type Name string

// Array is an array.
type Array []Object

// Dict is a dictionary.
type Dict map[Name]Object

// Ref is an indirect reference.
type Ref struct{ Num, Gen int }

// Keyword is an operator of a content stream.
type Keyword string

// Int returns a Number for n.
func Int(n int) Number { return Number(strconv.Itoa(n)) }

// Real returns a Number for x with at most five decimals.
func Real(x float64) Number {
	s := strconv.FormatFloat(x, 'f', 5, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	switch {
	case s == "-0":
		s = "0"
	case len(s) > 2 && s[:2] == "0.":
		s = s[1:]
	case len(s) > 3 && s[:3] == "-0.":
		s = "-" + s[2:]
	}
	return Number(s)
}

// Float returns the value of n, 0 if it has none.
func (n Number) Float() float64 {
	x, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		return 0
	}
	return x
}

// Int returns the value of n cut to an integer, 0 if it has none.
func (n Number) Int() int {
	i, err := strconv.Atoi(string(n))
	if err != nil {
		return int(n.Float())
	}
	return i
}

// Append writes o to b in PDF syntax. Dictionaries come out in the order of
// their keys, so that the same object always gives the same bytes.
func Append(b []byte, o Object) []byte {
	switch o := o.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, o)
	case int:
		return strconv.AppendInt(b, int64(o), 10)
	case Number:
		return append(b, o...)
	case Keyword:
		return append(b, o...)
	case String:
		return appendString(b, string(o))
	case Name:
		return appendName(b, string(o))
	case Ref:
		return fmt.Appendf(b, "%d %d R", o.Num, o.Gen)
	case Array:
		b = append(b, '[')
		for i, e := range o {
			if i > 0 {
				b = append(b, ' ')
			}
			b = Append(b, e)
		}
		return append(b, ']')
	case Dict:
		keys := make([]Name, 0, len(o))
		for k := range o {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		b = append(b, "<<"...)
		for _, k := range keys {
			b = appendName(b, string(k))
			v := Append(nil, o[k])
			if !bytes.ContainsAny(v[:1], "/([<") {
				b = append(b, ' ')
			}
			b = append(b, v...)
		}
		return append(b, ">>"...)
	}
	panic(fmt.Sprintf("pdf: no syntax for %T", o))
}

func appendString(b []byte, s string) []byte {
	b = append(b, '(')
	for _, c := range []byte(s) {
		switch c {
		case '(', ')', '\\':
			b = append(b, '\\', c)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = append(b, c)
		}
	}
	return append(b, ')')
}

func appendName(b []byte, s string) []byte {
	b = append(b, '/')
	for _, c := range []byte(s) {
		if c <= ' ' || c >= 0x7f || c == '#' || isDelimiter(c) {
			b = fmt.Appendf(b, "#%02X", c)
			continue
		}
		b = append(b, c)
	}
	return b
}
