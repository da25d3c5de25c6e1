// Package config reads marlind.ini.
//
// The file is a list of [sections] with key = value lines; ';' starts a
// comment. Unknown keys are errors, so that a misspelt one is noticed at the
// start and not in an incident.
package config

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Config is what the service needs to know. Paths are absolute.
type Config struct {
	Socket     string
	Engine     string
	Signatures string
	StateDir   string
	Workers    int
	Timeout    time.Duration // for one file

	UpdateURL   string
	UpdateEvery time.Duration
	UpdateKey   string // base64 of an Ed25519 public key
}

// Default is the configuration of a package installed without changes.
func Default() Config {
	return Config{
		Socket:      "/run/marlin/marlind.sock",
		Engine:      "/usr/libexec/marlin/marlin-scan",
		Signatures:  "/var/lib/marlin/signatures",
		StateDir:    "/var/lib/marlin/state",
		Workers:     4,
		Timeout:     2 * time.Minute,
		UpdateURL:   "https://update.korvane.example/marlin/v4",
		UpdateEvery: 4 * time.Hour,
		UpdateKey:   "t1sQmPzj0wlYIY3kfpn1NBGZ1B1QgkQx2cA3yq5V8mE=",
	}
}

// Load reads file over the defaults. A missing file is not an error.
func Load(file string) (Config, error) {
	c := Default()
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	defer f.Close()
	if err := c.read(f); err != nil {
		return c, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

func (c *Config) read(r io.Reader) error {
	section := ""
	scanner := bufio.NewScanner(r)
	for n := 1; scanner.Scan(); n++ {
		line, _, _ := strings.Cut(scanner.Text(), ";")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") {
			section = line[1 : len(line)-1]
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return fmt.Errorf("line %d: want key = value", n)
		}
		name := section + "." + strings.TrimSpace(key)
		if err := c.set(name, strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return scanner.Err()
}

func (c *Config) set(name, value string) (err error) {
	switch name {
	case "service.socket":
		c.Socket = value
	case "service.engine":
		c.Engine = value
	case "service.state":
		c.StateDir = value
	case "service.workers":
		c.Workers, err = strconv.Atoi(value)
		if err == nil && (c.Workers < 1 || c.Workers > 256) {
			err = fmt.Errorf("workers must be 1 to 256, not %d", c.Workers)
		}
	case "service.timeout":
		c.Timeout, err = time.ParseDuration(value)
	case "signatures.dir":
		c.Signatures = value
	case "update.url":
		c.UpdateURL = value
	case "update.every":
		c.UpdateEvery, err = time.ParseDuration(value)
	case "update.key":
		c.UpdateKey = value
	default:
		return fmt.Errorf("unknown key %q", name)
	}
	return err
}
