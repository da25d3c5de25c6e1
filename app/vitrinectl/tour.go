package main

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"

	"vitrine/app/bundle"
	"vitrine/app/review"
	"vitrine/app/room"
	"vitrine/index/search"
)

// The tour is the journey of a visit without a screen: admit, index, search,
// annotate, export, verify. It is what `packaging/run` does where there is no
// display, and it acts only through room.
func tourCommand() *cobra.Command {
	var t tour
	c := &cobra.Command{
		Use:   "tour [--policy FILE DEPOSIT]",
		Short: "Walk through a whole visit without a screen, on the built-in sample or another deposit",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t.visit.sample = len(args) == 0
			if t.visit.sample != (t.visit.policy == "") {
				return errors.New("a deposit needs --policy FILE, and a policy needs its deposit; with neither the tour takes the built-in sample")
			}
			return t.walk(cmd.Context(), args)
		},
	}
	t.visit.add(c)
	c.Flags().StringVar(&t.query, "query", "", "what to search for (default: a word that every code base has)")
	c.Flags().StringVar(&t.key, "key", "", keyHelp("the reviewer")+" (default, in a practice room: one made for the tour)")
	c.Flags().StringVar(&t.out, "out", "", "folder to leave the bundle in (default: a new one below the current folder)")
	return c
}

type tour struct {
	visit           visitFlag
	query, key, out string
	steps           *stepper
}

func (t *tour) walk(ctx context.Context, args []string) (err error) {
	t.steps = newStepper()
	if t.query == "" {
		t.query = "return"
	}
	fmt.Println("A visit without a screen:")
	v, err := t.visit.enter(ctx, args, t.steps)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()

	// What could keep the bundle from being signed comes before anything is
	// written into the reviewer's journal.
	k, err := t.signingKey(v)
	if err != nil {
		return err
	}

	start := time.Now()
	if err := v.BuildIndex(ctx, func(st room.IndexState) { t.steps.running("Text index", st.Done, st.Total) }); err != nil {
		return err
	}
	t.steps.finished("Text index", "content and words of every distinct blob", time.Since(start))

	hit, err := t.search(ctx, v)
	if err != nil {
		return err
	}
	if err := t.annotate(ctx, v, hit); err != nil {
		return err
	}
	return t.export(ctx, v, k)
}

// search runs the query over the newest release and gives its first hit.
func (t *tour) search(ctx context.Context, v *room.Visit) (search.Hit, error) {
	start := time.Now()
	releases := v.Releases()
	query := fmt.Sprintf("%s release:%s", t.query, releases[len(releases)-1])
	var first *search.Hit
	r, err := v.Search(ctx, query, func(h search.Hit) bool {
		if first == nil && h.Kind == search.HitLine {
			first = &h
		}
		return true
	})
	if err != nil {
		return search.Hit{}, err
	}
	if first == nil {
		return search.Hit{}, fmt.Errorf("no line matches %q; choose another --query", query)
	}
	if err := v.RecordSearch(ctx, query); err != nil {
		return search.Hit{}, err
	}
	t.steps.finished("Search", fmt.Sprintf("%q: %d lines in %d files, first %s:%d", query, r.Lines, r.Files, first.Place.Path, first.Line), time.Since(start))
	return *first, nil
}

func (t *tour) annotate(ctx context.Context, v *room.Visit, h search.Hit) error {
	start := time.Now()
	d, err := v.Open(ctx, h.Place)
	if err != nil {
		return err
	}
	line := d.Text.Line(h.Line)
	a, err := v.Annotate(ctx, room.Note{
		Kind: review.Note, Text: "Seen on the tour.",
		Locations: []review.Location{v.Locate(d, h.Line, 1, h.Line, len(line)+1)},
	})
	if err != nil {
		return err
	}
	t.steps.finished("Annotate", fmt.Sprintf("%s on %s:%d, journal entry %d", a.ID, h.Place.Path, h.Line, a.Entry), time.Since(start))
	return nil
}

func (t *tour) export(ctx context.Context, v *room.Visit, k room.Key) (err error) {
	start := time.Now()
	var pass []byte
	if k.Encrypted {
		if pass, err = askPassphrase(ctx)(k.Path); err != nil {
			return err
		}
	}
	d, err := v.Draft(ctx, room.ExportOptions{Key: k})
	if err != nil {
		return err
	}
	r, err := v.Export(ctx, d, pass, filepath.Join(t.out, "review.zip"))
	if err != nil {
		return err
	}
	t.steps.finished("Export", fmt.Sprintf("%d files signed as %s", len(d.Files), r.Principal), time.Since(start))

	start = time.Now()
	signersFile := filepath.Join(t.out, "allowed_signers")
	if err := room.WriteNew(signersFile, []byte(r.AllowedSigners+"\n")); err != nil {
		return err
	}
	trusted, err := readSigners(signersFile)
	if err != nil {
		return err
	}
	rep, err := bundle.Verify(r.Path, trusted, time.Now())
	if err != nil {
		return err
	}
	t.steps.finished("Verify", fmt.Sprintf("signature, sums and %d annotations", len(rep.Annotations)), time.Since(start))
	abs, err := filepath.Abs(t.out)
	if err != nil {
		return err
	}
	fmt.Printf("\nSigned bundle: %s\nStock tools verify it:\n  cd %s\n", line(r.Path), line(abs))
	for _, c := range r.Commands {
		fmt.Println("  " + line(c))
	}
	return nil
}

// signingKey is the reviewer's, or in a practice room one made for the tour and
// left in the folder of the bundle, which it makes.
func (t *tour) signingKey(v *room.Visit) (room.Key, error) {
	if t.key == "" && !v.Certificate().AnyReviewer {
		return room.Key{}, errors.New("this policy names its reviewers: give --key FILE, the private key of one")
	}
	if t.out == "" {
		t.out = "vitrine-tour-" + time.Now().Format("20060102-150405")
	}
	if err := os.MkdirAll(t.out, 0o755); err != nil {
		return room.Key{}, err
	}
	if t.key != "" {
		k, err := reviewerKey(v, t.key)
		if err == nil && !k.Permitted {
			err = fmt.Errorf("key %s may not sign: %s", k.Fingerprint, k.Why)
		}
		return k, err
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return room.Key{}, err
	}
	block, err := ssh.MarshalPrivateKey(private, "made for a tour")
	if err != nil {
		return room.Key{}, err
	}
	path := filepath.Join(t.out, "tour-key")
	if err := room.WriteNew(path, pem.EncodeToMemory(block)); err != nil {
		return room.Key{}, err
	}
	k, err := v.KeyFile(path)
	if err == nil {
		t.steps.finished("Practice key", k.Fingerprint+" made for this tour", 0)
	}
	return k, err
}
