// Gallery takes a picture of each screen: in three themes at 1280x800, and in one
// at 1024x700, at 1920x1080 and at twice the scale.
//
//	packaging/build && go run ./packaging/gallery
//
// The pictures go to build/gallery, which git ignores, as THEME-SIZE-NN-SCENE.png, to be
// looked at. A scene that cannot be reached is told at the end, with exit status 1; the
// others are taken all the same.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vitrine/packaging/drive"
)

// patience is how long one thing may take on a busy machine.
const patience = 40 * time.Second

// A look is one walk through all scenes.
type look struct{ theme, size, scale string }

// display is the size in pixels of the screen that the window fills.
func (l look) display() string {
	if l.scale == "" {
		return l.size
	}
	var w, h int
	if _, err := fmt.Sscanf(l.size, "%dx%d", &w, &h); err != nil {
		panic(err) // the sizes are ours
	}
	return fmt.Sprintf("%dx%d", 2*w, 2*h)
}

func (l look) name() string {
	if l.scale != "" {
		return l.theme + "-" + l.size + "@" + l.scale
	}
	return l.theme + "-" + l.size
}

var looks = []look{
	{"dark", "1280x800", ""}, {"light", "1280x800", ""}, {"contrast", "1280x800", ""},
	{"light", "1024x700", ""}, {"dark", "1920x1080", ""}, {"dark", "1280x800", "2"},
}

func main() {
	g := &gallery{}
	c := &cobra.Command{
		Use: "gallery", Short: "take a picture of each screen", Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			g.out = cmd.OutOrStdout()
			return g.run(cmd.Context())
		},
	}
	c.Flags().StringVar(&g.dir, "out", filepath.Join("build", "gallery"), "the folder of the pictures")
	c.Flags().StringSliceVar(&g.only, "look", nil, "only these, such as dark-1280x800")
	c.Flags().StringSliceVar(&g.scenes, "scene", nil, "pictures of these scenes only")
	if err := c.ExecuteContext(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

type gallery struct {
	out          io.Writer
	dir          string
	only, scenes []string
}

func (g *gallery) run(ctx context.Context) error {
	if err := os.MkdirAll(g.dir, 0o755); err != nil {
		return err
	}
	var missed []error
	for _, l := range looks {
		if len(g.only) > 0 && !slices.Contains(g.only, l.name()) {
			continue
		}
		w := &walk{g: g, look: l}
		if err := w.run(ctx); err != nil {
			missed = append(missed, fmt.Errorf("%s: %w", l.name(), err))
		}
		fmt.Fprintf(g.out, "%s: %d pictures\n", l.name(), w.taken)
	}
	return errors.Join(missed...)
}

// A walk goes through all scenes in one look.
type walk struct {
	g     *gallery
	look  look
	ctx   context.Context
	d     *drive.Display
	at    int // of the scenes
	taken int
	err   error // of this scene
}

func (w *walk) run(ctx context.Context) (err error) {
	w.ctx = ctx
	dir, err := os.MkdirTemp("", "vitrine-gallery-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if w.d, err = drive.Open(ctx, drive.Options{Size: w.look.display(), Scale: w.look.scale, Dir: dir, Patience: patience}); err != nil {
		return err
	}
	defer w.d.Close()
	if err := os.MkdirAll(w.d.Path(".ssh"), 0o700); err != nil {
		return err
	}
	out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "reviewer", "-f", w.d.Path(".ssh", "id_ed25519")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ssh-keygen: %w\n%s", err, out)
	}
	if _, err := w.d.Launch(ctx, "--theme", w.look.theme, "--size", w.look.size); err != nil {
		return err
	}
	var missed []error
	for _, s := range scenes {
		w.at++
		w.err = nil
		s.go_(w)
		if w.err == nil && (len(w.g.scenes) == 0 || slices.Contains(w.g.scenes, s.name)) {
			w.picture(s.name)
		}
		if w.err != nil {
			missed = append(missed, fmt.Errorf("%s: %w", s.name, w.err))
			if s.must {
				missed = append(missed, errors.New(w.d.Complaints()))
				break
			}
		}
		if s.back != nil {
			w.err = nil
			s.back(w)
		}
	}
	return errors.Join(missed...)
}

// picture takes the screen once what it shows has come to rest.
func (w *walk) picture(name string) {
	name = fmt.Sprintf("%s-%02d-%s.png", w.look.name(), w.at, name)
	w.until("painted")
	if w.err == nil {
		w.err = w.d.Picture(w.ctx, filepath.Join(w.g.dir, name))
		w.taken++
	}
}

func (w *walk) key(keys ...string) {
	if w.err == nil {
		w.err = w.d.Key(w.ctx, keys...)
	}
}

func (w *walk) write(text string) {
	if w.err == nil {
		w.err = w.d.Type(w.ctx, text)
	}
}

func (w *walk) until(want string) {
	if w.err == nil {
		_, w.err = w.d.Until(w.ctx, want)
	}
}

// answered waits for the answer to what was typed.
func (w *walk) answered(want, typed string) {
	if w.err == nil {
		_, w.err = w.d.UntilSaid(w.ctx, want, " to "+typed, func(rest string) bool { return strings.HasSuffix(rest, " "+typed) })
	}
}

// command asks for an action by its id.
func (w *walk) command(id string) {
	w.key("Escape", "ctrl+shift+p")
	w.until("commands")
	w.write(id)
	w.answered("commands", ">"+id)
	w.key("Return")
	w.until("action " + id)
}

// open opens a file by quick open, at a line.
func (w *walk) open(name string, line int) {
	text := fmt.Sprintf("%s:%d", name, line)
	w.key("ctrl+p")
	w.until("quick")
	w.write(text)
	w.answered("quick", text)
	w.key("Return")
	w.until("caret")
}
