package colour

import (
	"fmt"
	"slices"
	"sync"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// A machine is a chroma lexer that can begin anywhere in a text, in any of its
// states, and says in which it is.
//
// Chroma itself offers neither, but its rules are data. The machine's lexer has
// a state more, whose one rule matches nothing and whose mutator is handed
// chroma's own state: it puts position and stack where they are wanted.
type machine struct {
	lexer   chroma.Lexer
	resumes bool // false: of a lexer that is not made of rules; it begins at the beginning only

	mu  sync.Mutex // held until entered is taken
	due *entry
}

const (
	root       = "root"
	entryState = "vitrine: entry"
)

// An entry is where and how a run is to begin, and then chroma's state of it.
type entry struct {
	at    int // runes
	stack []string
	opt   *chroma.TokeniseOptions
	state *chroma.LexerState
}

// maxMachines bounds the lexers that are kept: compiling one takes up to 100 ms,
// and a deposit has files in some dozen languages.
const maxMachines = 64

var machines = struct {
	sync.Mutex
	m map[string]*machine
}{m: map[string]*machine{}}

// machineFor makes a machine, or finds the one made before.
func machineFor(l chroma.Lexer) *machine {
	machines.Lock()
	defer machines.Unlock()
	name := l.Config().Name
	if m := machines.m[name]; m != nil {
		return m
	}
	if len(machines.m) >= maxMachines {
		clear(machines.m)
	}
	m := newMachine(l)
	machines.m[name] = m
	return m
}

func newMachine(l chroma.Lexer) *machine {
	m := &machine{lexer: l}
	of, ok := l.(*chroma.RegexLexer)
	if !ok {
		return m
	}
	rules, err := of.Rules()
	if err != nil {
		return m
	}
	entered, err := chroma.NewLexer(of.Config(), func() chroma.Rules {
		rules := rules.Clone()
		rules[entryState] = []chroma.Rule{{Mutator: chroma.MutatorFunc(m.enter)}}
		return rules
	})
	if err != nil {
		return m
	}
	m.lexer, m.resumes = entered.SetRegistry(lexers.GlobalLexerRegistry), true
	return m
}

func (m *machine) enter(l *chroma.LexerState) error {
	e := m.due
	if e == nil {
		return fmt.Errorf("a lexer entered by nobody")
	}
	m.due = nil
	l.Pos, l.Stack = e.at, slices.Clone(e.stack)
	if len(l.Stack) == 0 {
		l.Stack = []string{root}
	}
	e.opt.State = root // where chroma falls back to after an error
	e.state = l
	return nil
}

// A run is a machine under way through a text.
type run struct {
	next  chroma.Iterator
	state *chroma.LexerState // nil: the machine does not resume
	at    int                // runes given so far, from the text's start
	m     *machine
	entry *entry // until the first token
}

// begin sets out in text at a rune, in the states of stack, the innermost last;
// none means the state of a beginning.
func (m *machine) begin(text string, at int, stack []string) (*run, error) {
	if !m.resumes {
		it, err := m.lexer.Tokenise(&chroma.TokeniseOptions{State: root}, text)
		return &run{next: it, m: m}, err
	}
	opt := &chroma.TokeniseOptions{State: entryState}
	it, err := m.lexer.Tokenise(opt, text)
	return &run{next: it, at: at, m: m, entry: &entry{at: at, stack: stack, opt: opt}}, err
}

// token gives the next token; false at the end.
func (r *run) token() (chroma.Token, bool) {
	var t chroma.Token
	if e := r.entry; e != nil {
		r.entry = nil
		r.m.mu.Lock()
		r.m.due = e
		func() {
			defer r.m.mu.Unlock() // chroma panics
			t = r.next()
		}()
		r.state = e.state
	} else {
		t = r.next()
	}
	if t == chroma.EOF {
		return t, false
	}
	for range t.Value {
		r.at++
	}
	return t, true
}

// stack is the stack of states behind the last token, if chroma has given all
// of what it has read and remembers nothing else.
func (r *run) stack() ([]string, bool) {
	s := r.state
	if s == nil || s.Pos != r.at || len(s.MutatorContext) > 0 || len(s.Stack) == 0 {
		return nil, false
	}
	return s.Stack, true
}
