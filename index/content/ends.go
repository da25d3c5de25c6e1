package content

import "bytes"

// Ends counts how the lines of a text end. A text in which more than one of them is
// not 0 has mixed ends.
type Ends struct {
	LF, CRLF int
	CR       int // carriage returns that no "\n" follows: no line ends there, but some programs say so
}

// Mixed reports whether lines end in more than one way.
func (e Ends) Mixed() bool { return min(e.LF, e.CRLF)+e.CR > 0 && max(e.LF, e.CRLF) > 0 }

// Ends counts the ends of lines; it takes a pass through the text, when first asked.
func (t *Text) Ends() Ends {
	t.ending.Do(func() {
		lf, cr := bytes.Count(t.text, []byte{'\n'}), bytes.Count(t.text, []byte{'\r'})
		crlf := 0
		if cr > 0 {
			crlf = bytes.Count(t.text, []byte("\r\n"))
		}
		t.ends = Ends{LF: lf - crlf, CRLF: crlf, CR: cr - crlf}
	})
	return t.ends
}

// OddEnds lists, ascending, the lines that end as fewer lines do, most at most; which
// end that is, crlf says. A text whose lines end all alike has none.
func (t *Text) OddEnds(most int) (lines []int, crlf bool) {
	e := t.Ends()
	if e.LF == 0 || e.CRLF == 0 {
		return nil, false
	}
	crlf = e.CRLF < e.LF
	for n := 1; n <= t.Lines() && len(lines) < most; n++ {
		end := t.Start(n + 1)
		if end == t.Start(n) || t.text[end-1] != '\n' {
			continue // the last line has no end
		}
		if has := end-2 >= t.Start(n) && t.text[end-2] == '\r'; has == crlf {
			lines = append(lines, n)
		}
	}
	return lines, crlf
}
