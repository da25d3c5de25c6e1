// Package daemon answers clients on a Unix socket.
//
// The protocol is lines of UTF-8: a request is a verb and its argument, an
// answer is one JSON object.
//
//	SCAN /path/to/file    the engine's result
//	STATUS                version, signatures, counters
//	RELOAD                read the signatures again
package daemon

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"korvane.example/marlin/service/worker"
)

const (
	maxRequest  = 8 << 10
	idleTimeout = 5 * time.Minute
)

// A Server owns the socket and counts what it does.
type Server struct {
	Version string
	Pool    *worker.Pool
	Log     *log.Logger

	scanned  atomic.Int64
	infected atomic.Int64
	failed   atomic.Int64
	started  time.Time
}

// Serve listens on socket until ctx ends, and then lets running scans finish.
func (s *Server) Serve(ctx context.Context, socket string) error {
	if err := os.MkdirAll(filepath.Dir(socket), 0o755); err != nil {
		return err
	}
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return err
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	if err := os.Chmod(socket, 0o660); err != nil {
		l.Close()
		return err
	}
	s.started = time.Now()

	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		<-ctx.Done()
		l.Close()
	}()
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			break
		}
		if err != nil {
			s.Log.Printf("accept: %v", err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.client(ctx, conn)
		}()
	}
	wg.Wait()
	return nil
}

func (s *Server) client(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	scanner := bufio.NewScanner(conn)
	scanner.Buffer(make([]byte, 0, 512), maxRequest)
	out := json.NewEncoder(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(idleTimeout))
		if !scanner.Scan() {
			return
		}
		verb, arg, _ := strings.Cut(scanner.Text(), " ")
		answer, err := s.answer(ctx, verb, arg)
		if err != nil {
			answer = map[string]string{"error": err.Error()}
		}
		if err := out.Encode(answer); err != nil {
			return
		}
	}
}

func (s *Server) answer(ctx context.Context, verb, arg string) (any, error) {
	switch verb {
	case "SCAN":
		return s.scan(ctx, arg)
	case "STATUS":
		return s.status(), nil
	case "RELOAD":
		s.Pool.Reload()
		return map[string]bool{"reloaded": true}, nil
	}
	return nil, fmt.Errorf("unknown request %q", verb)
}

func (s *Server) scan(ctx context.Context, path string) (worker.Result, error) {
	if !filepath.IsAbs(path) {
		return worker.Result{}, fmt.Errorf("%q is not an absolute path", path)
	}
	r, err := s.Pool.Scan(ctx, path)
	s.scanned.Add(1)
	switch {
	case err != nil:
		s.failed.Add(1)
		s.Log.Printf("scan %s: %v", path, err)
	case len(r.Found) > 0:
		s.infected.Add(1)
		s.Log.Printf("found %s in %s", r.Found[0].Rule, r.Found[0].Where)
	}
	return r, err
}

// Status is the answer to STATUS.
type Status struct {
	Version  string `json:"version"`
	Uptime   int64  `json:"uptime_seconds"`
	Scanned  int64  `json:"scanned"`
	Infected int64  `json:"infected"`
	Failed   int64  `json:"failed"`
}

func (s *Server) status() Status {
	return Status{
		Version:  s.Version,
		Uptime:   int64(time.Since(s.started).Seconds()),
		Scanned:  s.scanned.Load(),
		Infected: s.infected.Load(),
		Failed:   s.failed.Load(),
	}
}
