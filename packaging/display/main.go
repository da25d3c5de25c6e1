// Display says whether the X server that DISPLAY names answers: its exit
// status is 0 when it does, and otherwise it prints why not. packaging/run asks
// it before it builds anything that needs a screen.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// patience is how long a server may take to accept and to answer.
const patience = 3 * time.Second

func main() {
	name := os.Getenv("DISPLAY")
	if err := answers(name); err != nil {
		fmt.Printf("No X server answers at DISPLAY=%s: %v.\n", name, err)
		os.Exit(1)
	}
}

// answers connects as an X client does and sends the shortest connection set-up
// (X Window System Protocol, section 8), without authorisation: a server that
// refuses that is there as well, and the app will show its cookie.
func answers(display string) error {
	targets, err := addresses(display)
	if err != nil {
		return err
	}
	var all []error
	for _, a := range targets {
		err := greet(a.network, a.address)
		if err == nil {
			return nil
		}
		all = append(all, err)
	}
	return all[len(all)-1]
}

type address struct{ network, address string }

// addresses says where a display listens: "[HOST]:NUMBER[.SCREEN]", where an
// absolute path before the colon is a socket.
func addresses(display string) ([]address, error) {
	colon := strings.LastIndexByte(display, ':')
	if colon < 0 {
		return nil, errors.New("want HOST:NUMBER")
	}
	host, rest := display[:colon], display[colon+1:]
	number, _, _ := strings.Cut(rest, ".")
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n > 65535-6000 {
		return nil, fmt.Errorf("%q is not a display number", number)
	}
	if strings.HasPrefix(host, "/") {
		return []address{{"unix", display}, {"unix", host}}, nil
	}
	if host == "" || host == "unix" {
		path := fmt.Sprintf("/tmp/.X11-unix/X%d", n)
		return []address{{"unix", "@" + path}, {"unix", path}}, nil
	}
	return []address{{"tcp", net.JoinHostPort(strings.Trim(host, "[]"), strconv.Itoa(6000+int(n)))}}, nil
}

func greet(network, address string) (err error) {
	conn, err := net.DialTimeout(network, address, patience)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	// little-endian, protocol 11.0, no authorisation name or data
	if _, err := conn.Write([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0}); err != nil {
		return err
	}
	var reply [1]byte // 0 failed, 1 success, 2 authenticate
	if _, err := io.ReadFull(conn, reply[:]); err != nil {
		return fmt.Errorf("%s accepts and then says nothing: %w", address, err)
	}
	if reply[0] > 2 {
		return fmt.Errorf("%s does not speak X11", address)
	}
	return nil
}
