package desk

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
)

// tracer writes a line per state change for a program that drives the window
// from outside and would otherwise have to sleep. A nil writer costs nothing.
//
// Lines, in the order of the UI thread:
//
//	busy                     a task started and none was running
//	idle                     the last task has shown its result
//	screen NAME              chooser, waiting, admission, certificate, refused, room, export, receipt,
//	                         shipped
//	focus REGION             menu, rail, side, tabs, crumbs, start, code, inspector, find, tip, status;
//	                         list, folder (chooser); peek; steps, certificate (admission);
//	                         contents, page (help);
//	                         leaves, sign (export); receipt;
//	                         shipped, detail, files (shipped)
//	action ID                the reviewer asked for it: by its key, from a menu or the command palette
//	commands N TYPED         the command palette shows N actions that are offered for TYPED
//	manual PAGE              a page of the manual is shown, "keyboard" for the keyboard map; without
//	                         PAGE it went
//	offers ID KEY            the command palette lists the action, offered now or not
//	tip ACTION               a tip about an action is shown; without ACTION it went
//	side NAME                files, search, symbols, notes, bookmarks, characters
//	listed N RELEASE         the files of a release are in the tree
//	open RELEASE PATH        a file is shown
//	first MS PATH            the first frame with text of a file is painted, so many milliseconds after
//	                         it was asked for
//	framed US               painting the frame that the next line tells of took so many microseconds
//	coloured MS FROM TO      these lines, which had come into view without colours, are painted with
//	                         them, so many milliseconds after they came
//	peek-height PX           the reader made the peek so high
//	mapped N                 all N lines of the file have colours, for its minimap, or cannot have them
//	whole RELEASE PATH       of a large file, the beginning of which was shown: all was read and verified
//	picture W H PATH         an image file was decoded, or not: 0 0
//	hex BOOL                 the open file is shown as its bytes, or again as what it is
//	restored N GONE          N tabs of the last visit are back, and so many are gone
//	bookmarks N              so many are on disk
//	kept                     the next visit will find the desk as it is
//	pane N OF                the N-th of so many panes is active
//	tab N OF                 the tab was moved to the N-th place of so many
//	folder N NAME            a list of N files and folders hangs from the breadcrumb
//	outlined N               a list of N symbols does
//	caret LINE:COL           the code's caret stands there
//	shown MS N TYPED         the first frame with hits of TYPED, N of them, is painted, so many
//	                         milliseconds after the window got the last key of it
//	hits LINES FILES TYPED   a search for TYPED has ended (or "hits error", "waiting", "stopped")
//	lines N                  so many pieces of files with hits were read again
//	around LINE PATH         the lines around a hit are shown
//	searches N               so many kept searches are on disk
//	recalled N TYPED         the N-th last query is in the field; 0: what was typed
//	filters N                N filters are offered
//	filter NAME:VALUE        a filter was added to the query
//	quick N TYPED            quick open shows N paths for TYPED
//	ranked US TYPED          ranking them took so many microseconds
//	listed-for MS N TYPED    the first frame with them is painted, so many milliseconds after the key
//	symbols STATE            building, ready, failed; waiting: asked for too early
//	symbol N TYPED           the symbol palette shows N symbols for TYPED
//	outline N PATH           the open file defines N symbols
//	definition N NAME        NAME may mean N definitions: one is shown, or they are listed
//	peek N NAME              N places are peeked at below the line; without NAME it went
//	peeked LINE PATH         one of them is shown
//	elsewhere N NAME         NAME may be N symbols of other releases, which are listed
//	card NAME                what a name is is shown; without NAME it went
//	part NAME                of the symbols' panel: outline, uses, tree
//	uses N FILES NAME        a search for uses of NAME has ended (or "uses error", "waiting", "stopped")
//	tree N WHAT NAME         N rows are below NAME (or "tree waiting"); WHAT is Callers, Calls,
//	                         Members, Included by, Includes
//	find N TYPED             find in file has N matches of TYPED
//	marks LINE N             what the N marks of a line say is shown
//	index STATE              building, ready, failed
//	saved ID ENTRY           an annotation is in the journal
//	notes N                  current annotations
//	draft N BYTES            what would leave: files and bytes
//	signed PATH              a bundle was written
//	bill RELEASE N M         a bill of materials is shown: components, never mentioned
//	checked NAME STANDING    a file was compared with what is shipped: same, other
//	evidence NAME RESULT     build evidence was taken: same, other
//	survey STATE             of the deposit's characters: building, ready, failed
//	characters N PATH        in the file shown N characters are not what they seem
//	places N FILES           the list of these has N places of the release
//	error TEXT               an error is on the screen
//	painted                  what the lines before tell of is on the screen
//	closed                   the window is about to go
type tracer struct {
	w      io.Writer
	post   func(func())    // runs a func on the UI thread behind what it does now
	frames *fyne.Animation // from the first line on
	begun  int             // frames since the last line, until it is painted
	due    []*moment       // what the frame that begins next shows
}

// A moment is when something will have been painted.
type moment struct {
	word  string
	asked time.Time
	text  []any
	begun time.Time // its frame
	told  bool
}

// framesToPaint is how many frames begin until one is on the screen that shows
// what was said before: it is painted when it has begun, its contents may make the
// window take another size, and only the next one to begin tells that it is done.
const framesToPaint = 4

// say writes "key text" as one line.
func (t *tracer) say(key string, text ...any) {
	if t.w == nil {
		return
	}
	line := strings.TrimSuffix(fmt.Sprintln(append([]any{key}, text...)...), "\n")
	t.write(line)
	t.begun = 0
	t.follow()
}

// follow has frame called from now on. It costs nothing, as Fyne's loop turns anyway, and
// one that was stopped and started again would miss a frame.
func (t *tracer) follow() {
	if t.frames == nil {
		t.frames = &fyne.Animation{Duration: time.Second, RepeatCount: fyne.AnimationRepeatForever, Tick: t.frame}
		t.frames.Start()
	}
}

func (t *tracer) write(line string) {
	if t.w == nil {
		return
	}
	if _, err := io.WriteString(t.w, strings.ReplaceAll(line, "\n", " ")+"\n"); err != nil {
		t.w = nil // whoever listened has gone
	}
}

// shown says, once the frame that begins next is painted, how long that is after a key.
func (t *tracer) shown(key time.Time, text ...any) { t.after("shown", key, text...) }

// after is shown with another word.
func (t *tracer) after(word string, asked time.Time, text ...any) {
	if t.w == nil {
		return
	}
	t.due = append(t.due, &moment{word: word, asked: asked, text: text})
	t.follow()
}

// frame is called when a frame begins. It ends before anything else is done on the UI
// thread: what is posted now comes after it, if not the next frame does.
func (t *tracer) frame(float32) {
	due := t.due
	t.due = nil
	for _, m := range due {
		if !m.begun.IsZero() {
			t.tell(m)
			continue
		}
		m.begun = time.Now()
		t.due = append(t.due, m)
		t.post(func() { t.tell(m) })
	}
	t.due = slices.DeleteFunc(t.due, func(m *moment) bool { return m.told })
	if t.begun > framesToPaint || len(t.due) > 0 {
		return
	}
	if t.begun++; t.begun == framesToPaint {
		t.write("painted")
		t.begun++
	}
}

// tell says when a moment was.
func (t *tracer) tell(m *moment) {
	if m.told {
		return
	}
	m.told = true
	now := time.Now()
	t.say("framed", now.Sub(m.begun).Microseconds())
	t.say(m.word, append([]any{now.Sub(m.asked).Milliseconds()}, m.text...)...)
}

// turned reports busy and idle, which alternate.
func (t *tracer) turned(busy bool) {
	if busy {
		t.say("busy")
		return
	}
	t.say("idle")
}
