// Package words is the one place that all text on the screen comes from, so that
// it can be read as a whole and put into another language.
//
// A message is named by its English text, as gettext does, with the verbs of
// package fmt for what changes: T("Go to line %s", n). Widgets and screens call
// T when they show it; a table that is made before that marks its messages with
// Key. The catalogue of all messages, assets/words/en.json, is a sorted JSON array of
// them. A translation is a JSON object beside it, such as de.json, from message to
// translation, which may put the verbs in another order ("%[2]s"). The tests hold that
// every text in the sources stands in the catalogue and every message in a source, and
// that a translation has the same verbs.
//
// It knows words, and nothing of screens. What packages below the screens say,
// such as the reason of an error, is English, and T is asked for it as a whole.
package words

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"

	"vitrine/assets"
)

// English is the language of the sources.
const English = "en"

var current atomic.Pointer[map[string]string] // nil: English

// Catalogue lists all messages, sorted.
func Catalogue() ([]string, error) {
	data, err := assets.Words.ReadFile("words/en.json")
	if err != nil {
		return nil, err
	}
	var all []string
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("words/en.json: %w", err)
	}
	return all, nil
}

// Languages lists the languages there are, English first.
func Languages() []string {
	files, err := fs.Glob(assets.Words, "words/*.json")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	out := []string{English}
	for _, f := range files {
		if name := strings.TrimSuffix(strings.TrimPrefix(f, "words/"), ".json"); name != English {
			out = append(out, name)
		}
	}
	return out
}

// Use chooses a language by the name of its file. It is called before the first window.
func Use(language string) error {
	if language == English {
		current.Store(nil)
		return nil
	}
	if !slices.Contains(Languages(), language) {
		return fmt.Errorf("language %q: there are %s", language, strings.Join(Languages(), ", "))
	}
	data, err := assets.Words.ReadFile("words/" + language + ".json")
	if err != nil {
		return err
	}
	var m map[string]string
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("words/%s.json: %w", language, err)
	}
	Translate(m)
	return nil
}

// Translate takes translations from a table: a test's, which marks what was translated.
func Translate(m map[string]string) { current.Store(&m) }

// T is a message in the language chosen, with its arguments; what has no translation
// stays English.
func T(message string, args ...any) string {
	if m := current.Load(); m != nil {
		if to, ok := (*m)[message]; ok {
			message = to
		}
	}
	if len(args) == 0 {
		return message
	}
	return fmt.Sprintf(message, args...)
}

// Key marks a message that is shown later, by T.
func Key(message string) string { return message }
