package drive

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Enter runs vitrine with the flags of a visit and goes into the room; everything is
// indexed when it returns.
func (d *Display) Enter(ctx context.Context, args ...string) error {
	first, err := d.Launch(ctx, args...)
	if err == nil && first != "certificate" {
		_, err = d.Until(ctx, "screen certificate")
	}
	if err == nil {
		err = d.Key(ctx, "Return")
	}
	for _, step := range []string{"index ready", "symbols ready", "idle"} {
		if err == nil {
			_, err = d.Until(ctx, step)
		}
	}
	return err
}

// Seal makes a deposit of what the flags of "vitrinectl deposit seal" name, with keys of
// its own, and a policy for it, all in a folder that is there. It returns the arguments of
// a visit to it.
func (d *Display) Seal(ctx context.Context, dir string, what ...string) (visit []string, err error) {
	ctl := filepath.Join(d.bin, "vitrinectl")
	var commands [][]string
	for _, who := range []string{"vendor", "operator", "reviewer"} {
		commands = append(commands, []string{"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", who})
	}
	commands = append(commands,
		append([]string{ctl, "deposit", "seal", "--vendor", "Korvane Labs", "--key", "vendor", "--out", "deposit"}, what...),
		[]string{ctl, "policy", "sign", "--title", "Review", "--vendor", "Korvane Labs=vendor.pub", "--reviewer", "M. Okafor=reviewer.pub", "--operator", "Northgate=operator.pub",
			"--deposit", "deposit", "--from", "2000-01-01", "--to", "2099-12-31", "--key", "operator", "--out", "policy.json"})
	for _, args := range commands {
		cmd := exec.CommandContext(ctx, args[0], args[1:]...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+d.opt.Dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	return []string{"--policy", filepath.Join(dir, "policy.json"), "--operator", filepath.Join(dir, "operator.pub"), filepath.Join(dir, "deposit")}, nil
}
