package main

import (
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		display string
		want    []address
	}{
		{":0", []address{{"unix", "@/tmp/.X11-unix/X0"}, {"unix", "/tmp/.X11-unix/X0"}}},
		{":12.0", []address{{"unix", "@/tmp/.X11-unix/X12"}, {"unix", "/tmp/.X11-unix/X12"}}},
		{"unix:1", []address{{"unix", "@/tmp/.X11-unix/X1"}, {"unix", "/tmp/.X11-unix/X1"}}},
		{"localhost:10.0", []address{{"tcp", "localhost:6010"}}},
		{"[::1]:2", []address{{"tcp", "[::1]:6002"}}},
		{"/tmp/x/org.xquartz:0", []address{{"unix", "/tmp/x/org.xquartz:0"}, {"unix", "/tmp/x/org.xquartz"}}},
	} {
		if got, err := addresses(c.display); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", c.display, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "host", ":", ":x", ":70000", ":-1"} {
		if got, err := addresses(bad); err == nil {
			t.Errorf("%q: %v, want an error", bad, got)
		}
	}
}

// A server of one reply stands in for those that cannot be had: one that
// refuses, one that hangs up, one that is something else.
func TestGreet(t *testing.T) {
	for _, c := range []struct{ name, reply, want string }{
		{"success", "\x01", ""},
		{"refusal", "\x00", ""},
		{"hang-up", "", "says nothing"},
		{"another protocol", "HTTP/1.1 400", "does not speak X11"},
	} {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- serve(l, c.reply) }()
		err = greet("unix", path)
		if serveErr := <-done; serveErr != nil {
			t.Fatal(serveErr)
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if err := greet("unix", filepath.Join(t.TempDir(), "nobody")); err == nil {
		t.Error("a socket that is not there answers")
	}
}

func serve(l net.Listener, reply string) error {
	defer l.Close()
	conn, err := l.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Read(make([]byte, 12)); err != nil {
		return err
	}
	_, err = conn.Write([]byte(reply))
	return err
}
