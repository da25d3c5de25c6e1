package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"
)

// What opening is held to, in milliseconds: from asking for a file to the frame with its
// first text, and from arriving at a place to the frame with its colours.
const (
	firstTarget  = 50
	colourTarget = 100
)

// beginsFrom is the size of a file of which the beginning is shown first.
const beginsFrom = 4 << 20

// An openFile is a file of the kinds that a reader meets.
type openFile struct {
	name string
	make func(*mathrand.Rand) []byte
}

// openFiles are those, the largest last.
var openFiles = []openFile{
	{"small.c", func(*mathrand.Rand) []byte { return functionsOfC(300) }},
	{"lines.c", func(*mathrand.Rand) []byte { return functionsOfC(100_000) }},
	{"script.min.js", func(*mathrand.Rand) []byte {
		var b bytes.Buffer
		for i := 0; b.Len() < 2<<20; i++ {
			fmt.Fprintf(&b, `function f%d(a,b){var c="x%d",d=/[a-z]+%d/g;return a?b+c.length:d.test(b)&&%d.5e3}`, i, i, i, i)
		}
		return b.Bytes()[:2<<20]
	}},
	{"latin1.txt", func(*mathrand.Rand) []byte { return bytes.Repeat([]byte("Gr\xf6\xdfe \xfcber alles\n"), 5000) }},
	{"empty.txt", func(*mathrand.Rand) []byte { return nil }},
	{"picture.png", func(*mathrand.Rand) []byte {
		img := image.NewNRGBA(image.Rect(0, 0, 1600, 1200))
		for y := range 1200 {
			for x := range 1600 {
				img.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), uint8(x * y), 255})
			}
		}
		var b bytes.Buffer
		if err := png.Encode(&b, img); err != nil {
			panic(err) // into memory, of a size that PNG has
		}
		return b.Bytes()
	}},
	{"firmware.bin", func(r *mathrand.Rand) []byte {
		b := make([]byte, 30<<20)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}},
	{"server.log", func(r *mathrand.Rand) []byte {
		var b bytes.Buffer
		for i := 0; b.Len() < 200_000_000; i++ {
			fmt.Fprintf(&b, "2026-11-26T12:%02d:%02d.%03dZ worker-%d INFO request id=%016x path=/v1/item/%d status=200 took=%dms\n", i/60%60, i%60, r.IntN(1000), r.IntN(16), r.Uint64(), r.IntN(1_000_000), r.IntN(900))
		}
		return b.Bytes()
	}},
}

// functionsOfC is at least so many lines of C.
func functionsOfC(lines int) []byte {
	var b bytes.Buffer
	for i, n := 0, 0; n < lines; i, n = i+1, n+20 {
		fmt.Fprintf(&b, "/* Function %d adds what it is given.\n * It is one of many. */\nstatic int\nadd_%d(const char *name, unsigned long value)\n{\n\tif (name == NULL || value > 0x%xUL) {\n"+
			"\t\tfprintf(stderr, \"add_%d: \\\"%%s\\\" is %%lu\\n\", name, value);\n\t\treturn -%d;\n\t}\n\n\tfor (unsigned k = 0; k < %d; k++) // again\n\t\tvalue += table[k %% SIZE_OF(table)];\n"+
			"\treturn (int)(value & 0xff);\n}\n\n#ifdef WITH_%d\n#define ADD_%d(x) \\\n\tadd_%d(#x, (x))\n#endif\n\n", i, i, i, i, i, i%17, i%7, i, i)
	}
	return b.Bytes()
}

// open opens each kind of file, and goes to places in the C file.
func (b *viewBench) open() error {
	dir := b.d.Path("open")
	visit, err := b.sealOpen(dir)
	if err != nil {
		return err
	}
	if err := b.d.Enter(b.ctx, append([]string{"--size", "1280x800"}, visit...)...); err != nil {
		return errors.Join(err, errors.New(b.d.Complaints()))
	}
	w := tabwriter.NewWriter(b.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "file\tbytes\tfirst text, ms (target %d)\tof it the frame\tresident, MB\n", firstTarget)
	for _, f := range openFiles {
		info, err := os.Stat(filepath.Join(dir, "files", f.name))
		if err != nil {
			return err
		}
		var took, framed []time.Duration
		held := 0.0
		for range b.rounds {
			one, frame, err := b.openOne(f.name, info.Size() > beginsFrom)
			if err != nil {
				return err
			}
			took, framed, held = append(took, one), append(framed, frame), b.resident()
			if err := b.d.Key(b.ctx, "ctrl+w"); err != nil {
				return err
			}
		}
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%.0f\n", f.name, info.Size(), inMillis(took), inMillis(framed), held)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, _, err := b.openOne("lines.c", false); err != nil {
		return err
	}
	var took []time.Duration
	for _, line := range []int{90_000, 45_000, 99_000, 20_000, 70_000} {
		if err := b.d.Key(b.ctx, "ctrl+g"); err != nil {
			return err
		}
		if err := b.d.Type(b.ctx, fmt.Sprint(line)); err != nil {
			return err
		}
		if err := b.d.Key(b.ctx, "Return"); err != nil {
			return err
		}
		one, _, err := b.millis("coloured", func(rest string) bool { return near(rest, line) })
		if err != nil {
			return err
		}
		took = append(took, one)
	}
	fmt.Fprintf(b.out, "colours %d places away: %s ms (target %d)\n\n", len(took), inMillis(took), colourTarget)
	return nil
}

// openOne opens a file that is not open and gives the time to its first text, and how much
// of it the painting of that frame took; it waits for the whole of a large file.
func (b *viewBench) openOne(name string, whole bool) (took, framed time.Duration, err error) {
	b.d.Drain()
	if err := b.d.Key(b.ctx, "ctrl+p"); err != nil {
		return 0, 0, err
	}
	if err := b.d.Type(b.ctx, name); err != nil {
		return 0, 0, err
	}
	mine := func(rest string) bool { return strings.HasSuffix(rest, " "+name) }
	if _, err := b.d.UntilSaid(b.ctx, "quick", name, mine); err != nil {
		return 0, 0, err
	}
	if _, err := b.d.Until(b.ctx, "painted"); err != nil {
		return 0, 0, err
	}
	if err := b.d.Key(b.ctx, "Return"); err != nil {
		return 0, 0, err
	}
	if took, framed, err = b.millis("first", mine); err != nil {
		return 0, 0, err
	}
	if whole {
		_, err = b.d.Until(b.ctx, "whole")
	}
	return took, framed, err
}

// millis is the time that a line of the trace tells, and that of its frame, which the line
// before tells.
func (b *viewBench) millis(word string, ok func(rest string) bool) (took, framed time.Duration, err error) {
	for {
		line, err := b.d.Line(b.ctx, word)
		if err != nil {
			return 0, 0, err
		}
		var n int64
		if _, err := fmt.Sscanf(line, "framed %d", &n); err == nil {
			framed = time.Duration(n) * time.Microsecond
		}
		rest, found := strings.CutPrefix(line, word+" ")
		if _, err := fmt.Sscan(rest, &n); found && err == nil && ok(rest) {
			return time.Duration(n) * time.Millisecond, framed, nil
		}
	}
}

// near reports whether the lines of "MS FROM TO" have a line among them.
func near(rest string, line int) bool {
	var ms, from, to int
	n, _ := fmt.Sscan(rest, &ms, &from, &to)
	return n == 3 && from <= line && line <= to
}

func inMillis(took []time.Duration) string {
	var out []string
	for _, t := range took {
		out = append(out, fmt.Sprint(t.Milliseconds()))
	}
	return strings.Join(out, " ")
}

// resident is what the program and the processes it started hold, in MB.
func (b *viewBench) resident() (mb float64) {
	pids, err := exec.CommandContext(b.ctx, "pgrep", "-g", fmt.Sprint(b.d.Pid())).Output()
	if err != nil {
		return 0
	}
	for _, pid := range strings.Fields(string(pids)) {
		var pages, resident int64
		if s, err := os.ReadFile("/proc/" + pid + "/statm"); err == nil {
			fmt.Sscan(string(s), &pages, &resident)
		}
		mb += float64(resident*int64(os.Getpagesize())) / 1e6
	}
	return mb
}

// sealOpen makes the files and a deposit of them; it gives the arguments of a visit.
func (b *viewBench) sealOpen(dir string) (visit []string, err error) {
	files := filepath.Join(dir, "files")
	if err := os.MkdirAll(files, 0o700); err != nil {
		return nil, err
	}
	r := mathrand.New(mathrand.NewPCG(1, 2))
	for _, f := range openFiles {
		if err := os.WriteFile(filepath.Join(files, f.name), f.make(r), 0o600); err != nil {
			return nil, err
		}
	}
	return b.d.Seal(b.ctx, dir, "--title", "Files of all kinds", "--source", "files", "--folder", "1.0=files")
}
