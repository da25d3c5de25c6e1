package deposit

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// A sums run keeps the files of one release while a deposit is verified.
type sums struct {
	release string
	files   []File
}

// VerifyRelease verifies a deposit as Verify does and gives the files of one of
// its releases, in byte order of their paths.
func VerifyRelease(ctx context.Context, dir, release string, trust Trust, limits Limits, progress func(Step)) ([]File, error) {
	kept := &sums{release: release}
	v := &verification{ctx: ctx, trust: trust, limits: limits.orDefault(), report: reporter{progress: progress}, sums: kept}
	if err := errors.Join(v.run(dir), v.close()); err != nil {
		return nil, err
	}
	var names []string
	for _, r := range v.admission.Releases {
		if r.Name == release {
			return kept.files, nil
		}
		names = append(names, r.Name)
	}
	return nil, fmt.Errorf("the deposit has no release %q; it has %s", release, strings.Join(names, ", "))
}

// IsFile reports whether a file has content of its own: it is neither a symbolic
// link nor a submodule.
func (f File) IsFile() bool { return f.Mode == modeFile || f.Mode == modeExec }

// Kind says in words what a file is.
func (f File) Kind() string {
	switch f.Mode {
	case modeLink:
		return "symbolic link"
	case modeSubmodule:
		return "submodule"
	}
	return "file"
}

// SumsLine is the file's line in a SHA256SUMS file, as sha256sum writes and
// reads it: names with a backslash or a line break are escaped, which a backslash
// in front of the line says.
func (f File) SumsLine() string {
	name := escapeSums.Replace(f.Path)
	mark := ""
	if name != f.Path {
		mark = `\`
	}
	return fmt.Sprintf("%s%s  %s\n", mark, f.Blob, name)
}

var escapeSums = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`)
