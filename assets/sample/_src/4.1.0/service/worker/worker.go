// Package worker keeps engine processes and hands files to them.
//
// The engine reads hostile input, so it never runs inside the service: each
// worker is a process of its own which is killed when a file takes too long
// and replaced before the next one.
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A Found is one rule that matched.
type Found struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Where    string `json:"where"`
}

// A Result is the engine's answer for one file.
type Result struct {
	Path    string  `json:"path"`
	Status  int     `json:"status"`
	Objects int     `json:"objects"`
	Bytes   int64   `json:"bytes"`
	Partial bool    `json:"partial"`
	Found   []Found `json:"found"`
}

// ErrTimeout says that the engine was killed over this file.
var ErrTimeout = errors.New("the engine took too long")

// A Pool starts workers on demand, at most n at a time.
type Pool struct {
	engine     string
	signatures string
	timeout    time.Duration
	slots      chan *process

	mu     sync.Mutex
	closed bool
}

type process struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// NewPool returns a pool of n workers; none is started yet.
func NewPool(engine, signatures string, n int, timeout time.Duration) *Pool {
	p := &Pool{engine: engine, signatures: signatures, timeout: timeout, slots: make(chan *process, n)}
	for i := 0; i < n; i++ {
		p.slots <- nil
	}
	return p
}

func (p *Pool) start() (*process, error) {
	rules, err := filepath.Glob(filepath.Join(p.signatures, "*.msr"))
	if err != nil {
		return nil, err
	}
	if len(rules) == 0 {
		return nil, fmt.Errorf("no rules in %s", p.signatures)
	}
	args := []string{"--exclude", filepath.Join(p.signatures, "exclusions.lst")}
	for _, r := range rules {
		args = append(args, "--rules", r)
	}
	cmd := exec.Command(p.engine, append(args, "--worker")...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the engine: %w", err)
	}
	return &process{cmd: cmd, in: in, out: bufio.NewReader(out)}, nil
}

func (w *process) stop() {
	w.in.Close()
	w.cmd.Process.Kill()
	w.cmd.Wait()
}

// Scan hands path to a free worker and waits for its answer.
func (p *Pool) Scan(ctx context.Context, path string) (Result, error) {
	if strings.ContainsAny(path, "\n\x00") {
		return Result{}, fmt.Errorf("%q cannot be handed to the engine", path)
	}
	var w *process
	select {
	case w = <-p.slots:
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	if w == nil {
		var err error
		if w, err = p.start(); err != nil {
			p.slots <- nil
			return Result{}, err
		}
	}

	timer := time.AfterFunc(p.timeout, func() { w.cmd.Process.Kill() })
	result, err := w.scan(path)
	late := !timer.Stop()
	if err != nil {
		w.stop()
		w = nil
		if late {
			err = ErrTimeout
		}
	}
	p.slots <- w
	return result, err
}

func (w *process) scan(path string) (Result, error) {
	var r Result
	if _, err := io.WriteString(w.in, path+"\n"); err != nil {
		return r, err
	}
	line, err := w.out.ReadBytes('\n')
	if err != nil {
		return r, fmt.Errorf("the engine ended over %s: %w", path, err)
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("the engine's answer for %s: %w", path, err)
	}
	return r, nil
}

// Reload replaces every worker, so that new signatures are read.
func (p *Pool) Reload() {
	for i := 0; i < cap(p.slots); i++ {
		if w := <-p.slots; w != nil {
			w.stop()
		}
		p.slots <- nil
	}
}

// Close stops the workers. Scans that wait for one fail.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	for i := 0; i < cap(p.slots); i++ {
		if w := <-p.slots; w != nil {
			w.stop()
		}
	}
}
