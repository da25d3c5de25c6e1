package colour

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"vitrine/index/lex"
	"vitrine/viewer/code"
)

// A Text is what is coloured, in valid UTF-8.
type Text interface {
	code.Source
	Bytes() []byte      // all of it
	Start(line int) int // offset of a line's first byte
}

const (
	// near is what is read from a mark to where colours are wanted before a guess
	// is made: chroma reads about 1 MB/s, so this takes some 30 ms.
	near = 24 << 10
	// stretch is what chroma reads before it is asked whether it should go on.
	stretch = 16 << 10
	// ahead is what chroma sees beyond: its expressions look forward, to the end of
	// a comment or a function's head.
	ahead = 16 << 10
	// behind is what it sees before: they look back some words.
	behind = 1 << 10
	// maxWindow bounds both for a comment or string without end.
	maxWindow = 2 << 20
	// maxSettle is how far the truth is sought from the last mark: a second's work.
	maxSettle = 1 << 20
	// maxGuess is how far above a guess begins at most.
	maxGuess = 64 << 10
	// maxWhole is the largest text for a lexer that cannot begin in the middle.
	maxWhole = 1 << 20
	// maxAtOnce is how much of what is asked for is coloured, of one line that never ends
	// for example: the tokens take six times that.
	maxAtOnce = 3 << 20
	// longLine is a line whose beginning is told before its end is reached.
	longLine = 64 << 10
	// markSpacing is the least distance of marks: a text of 5 MB has some hundreds.
	markSpacing = 8 << 10
	// maxStretch is the time that one stretch may take, on a machine that does
	// something else too. Most take 30 ms.
	maxStretch = 4 * time.Second
	// maxFailures is how many stretches are given up before the file is.
	maxFailures = 3
)

// Now is the clock of maxStretch. It stands still in tests: what colours a text has must
// not depend on how busy the machine is.
var Now = time.Now

// A Slice is the tokens of some lines, the first of them line From.
type Slice struct {
	From  int
	Lines [][]code.Token
}

// A Painter colours one text. It is for one goroutine at a time; another waits.
type Painter struct {
	file    string
	text    Text
	machine *machine
	lexical func(context.Context) (Lexical, error)
	near    int // as the constant, less in tests

	mu       sync.Mutex
	marks    []mark // of the truth, by offset; the first is the beginning
	failures int
	reason   error // why nothing more is coloured
}

// Lexical is what is known of where the text's comments, strings and blocks end;
// its zero value knows nothing.
type Lexical struct {
	Map       *lex.Map
	Structure *lex.Structure
}

// A mark is how chroma stands at an offset.
type mark struct {
	at    int
	stack []string // nil: as at a beginning
}

// NewPainter makes a painter for a file of this name, nil if its language has no
// colours. lexical is called when it is needed, and remembers its answer; it may be nil.
func NewPainter(file string, text Text, lexical func(context.Context) (Lexical, error)) *Painter {
	l := lexerFor(file)
	if l == nil {
		return nil
	}
	if lexical == nil {
		lexical = func(context.Context) (Lexical, error) { return Lexical{}, nil }
	}
	return &Painter{file: file, text: text, lexical: lexical, near: near, marks: []mark{{}}}
}

// Lines gives the tokens of lines from to to, the last included, to emit: at first
// perhaps as they are likely to be, then as they are. The error says, as the rest of a
// sentence that begins with "plain, ", why there are none.
func (p *Painter) Lines(ctx context.Context, from, to int, emit func(Slice)) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	from, to = max(from, 1), min(to, p.text.Lines())
	if from > to {
		return nil
	}
	if p.reason != nil {
		return p.reason
	}
	if p.machine == nil { // not before: it compiles
		p.machine = machineFor(lexerFor(p.file))
	}
	err := p.lines(ctx, from, to, emit)
	if err != nil && ctx.Err() == nil {
		if p.failures++; p.failures >= maxFailures {
			p.reason = err
		}
	}
	return err
}

// Whole reports whether the language's lexer begins at the beginning of a text only, which
// the first Lines finds out: lines are best asked for all at once then.
func (p *Painter) Whole() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.machine != nil && !p.machine.resumes
}

func (p *Painter) lines(ctx context.Context, from, to int, emit func(Slice)) error {
	if !p.machine.resumes {
		return p.whole(ctx, from, to, emit)
	}
	start := p.text.Start(from)
	end := min(p.end(to), start+maxAtOnce)
	m := p.marks[p.last(start)]
	var guess *sheet
	began := -1
	if start-m.at > p.near {
		lexical, err := p.lexical(ctx)
		if err != nil {
			return err
		}
		began = p.anchor(lexical, from)
		guess = newSheet(p.text, from, to, emit)
		if _, err := p.read(ctx, mark{at: began}, end, guess, nil); err != nil {
			return err
		}
		guess.flush()
		if start-m.at > maxSettle {
			return nil
		}
	}
	truth := newSheet(p.text, from, to, emit)
	truth.known = guess
	guessed := false
	_, err := p.read(ctx, m, end, truth, func(m mark) bool {
		p.note(m)
		guessed = guess != nil && m.at == began && len(m.stack) == 1
		return !guessed
	})
	if err == nil && !guessed {
		truth.flush()
	}
	return err
}

// end is the offset behind a line.
func (p *Painter) end(line int) int {
	if line >= p.text.Lines() {
		return len(p.text.Bytes())
	}
	return p.text.Start(line + 1)
}

// last is the index of the last mark at or before an offset.
func (p *Painter) last(at int) int {
	i, ok := slices.BinarySearchFunc(p.marks, at, func(m mark, at int) int { return m.at - at })
	if ok {
		return i
	}
	return i - 1
}

// note keeps a mark of the truth.
func (p *Painter) note(m mark) {
	i := p.last(m.at)
	if m.at-p.marks[i].at < markSpacing || i+1 < len(p.marks) && p.marks[i+1].at-m.at < markSpacing {
		return
	}
	m.stack = slices.Clone(m.stack)
	if i > 0 && slices.Equal(m.stack, p.marks[i].stack) {
		m.stack = p.marks[i].stack
	}
	p.marks = slices.Insert(p.marks, i+1, m)
}

// read goes down from a mark until everything before end has its tokens. passing,
// which may be nil, is told of each place at which it could go on; false ends it there.
func (p *Painter) read(ctx context.Context, m mark, end int, out *sheet, passing func(mark) bool) (mark, error) {
	wide := stretch
	for m.at < end {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		w := p.window(m.at, min(m.at+wide, end))
		next, state, err := p.stretch(ctx, w, m, out, passing)
		switch {
		case err != nil:
			return m, err
		case state == endedEarly:
			return next, nil
		case state == tooNarrow && w.until-m.at < maxWindow && w.until < len(p.text.Bytes()):
			wide *= 4
			continue
		}
		out.commit()
		m, wide = next, stretch
	}
	return m, nil
}

// A window is what chroma sees of the text, each "\r\n" as "\n".
type window struct {
	text  string
	from  int // offset in the text where it begins
	skip  int // runes before the place where the run begins
	to    int // offset up to which tokens are wanted
	until int // offset where it ends
}

func (p *Painter) window(at, to int) window {
	b := p.text.Bytes()
	w := window{from: max(at-behind, 0), to: to, until: min(to+ahead, len(b))}
	for w.from > 0 && w.from < at && b[w.from]&0xc0 == 0x80 {
		w.from++
	}
	for w.until < len(b) && b[w.until]&0xc0 == 0x80 {
		w.until++
	}
	before := strings.ReplaceAll(string(b[w.from:at]), "\r\n", "\n")
	for range before {
		w.skip++
	}
	w.text = before + strings.ReplaceAll(string(b[at:w.until]), "\r\n", "\n")
	return w
}

// How a stretch ended.
type ending uint8

const (
	done       ending = iota
	tooNarrow         // chroma may have seen too little
	endedEarly        // passing said so
)

// stretch has chroma read a window from a mark. A panic or a lexer without end
// is an error.
func (p *Painter) stretch(ctx context.Context, w window, m mark, out *sheet, passing func(mark) bool) (next mark, how ending, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the grammar of %s failed: %v", Language(p.file), r)
		}
	}()
	began := Now()
	r, err := p.machine.begin(w.text, w.skip, m.stack)
	if err != nil {
		return m, done, fmt.Errorf("the grammar of %s cannot be used: %w", Language(p.file), err)
	}
	out.begin(m.at)
	next = m
	for n := 0; ; n++ {
		t, ok := r.token()
		if !ok {
			break
		}
		if n%64 == 0 {
			if ctx.Err() != nil {
				return m, done, ctx.Err()
			}
			if Now().Sub(began) > maxStretch {
				return m, done, fmt.Errorf("the grammar of %s takes too long here", Language(p.file))
			}
		}
		out.add(t)
		if out.at >= w.until && w.until < len(p.text.Bytes()) {
			return m, tooNarrow, nil // a token to the end of the window: it may be longer, or none
		}
		stack, clean := r.stack()
		if !clean {
			continue
		}
		next = mark{out.at, stack}
		if passing != nil && !passing(next) {
			return next, endedEarly, nil
		}
		if out.at >= w.to {
			return mark{out.at, slices.Clone(stack)}, done, nil
		}
	}
	if w.until < len(p.text.Bytes()) {
		return m, tooNarrow, nil
	}
	return mark{at: len(p.text.Bytes())}, done, nil
}

// whole colours with a lexer that begins at the beginning only.
func (p *Painter) whole(ctx context.Context, from, to int, emit func(Slice)) error {
	if n := len(p.text.Bytes()); n > maxWhole {
		return fmt.Errorf("%s is coloured up to %d MB", Language(p.file), maxWhole>>20)
	}
	out := newSheet(p.text, from, to, emit)
	b := p.text.Bytes()
	w := window{text: strings.ReplaceAll(string(b), "\r\n", "\n"), to: p.end(to), until: len(b)}
	if _, _, err := p.stretch(ctx, w, mark{}, out, nil); err != nil {
		return err
	}
	out.commit()
	out.flush()
	return nil
}
