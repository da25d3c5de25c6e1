// Package update fetches signatures. It is the only part of the product that
// opens a connection to the outside; docs/privacy.md says what is sent.
//
// A signature set is described by index.json, signed with Ed25519 over its
// exact bytes (index.json.sig). Files are named by their SHA-256 and fetched
// when they are not there yet.
package update

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	maxIndex = 1 << 20
	maxFile  = 256 << 20
)

// ErrCurrent says that the newest set is already installed.
var ErrCurrent = errors.New("signatures are up to date")

type index struct {
	Serial  int64  `json:"serial"`
	Created string `json:"created"`
	Files   []struct {
		Name   string `json:"name"`
		SHA256 string `json:"sha256"`
		Size   int64  `json:"size"`
	} `json:"files"`
}

// A Client fetches from one address and trusts one key.
type Client struct {
	url    string
	dir    string
	key    ed25519.PublicKey
	client *http.Client
	agent  string
}

// New returns a client which installs into dir.
func New(url, dir, key, version string) (*Client, error) {
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return nil, errors.New("update.key is not an Ed25519 public key in base64")
	}
	return &Client{
		url:    strings.TrimSuffix(url, "/"),
		dir:    dir,
		key:    ed25519.PublicKey(raw),
		client: &http.Client{Timeout: 5 * time.Minute},
		agent:  "marlin/" + version,
	}, nil
}

func (c *Client) get(ctx context.Context, name string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/"+name, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", name, resp.Status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("%s: longer than %d bytes", name, limit)
	}
	return data, nil
}

// Run installs the newest set, or returns ErrCurrent.
func (c *Client) Run(ctx context.Context) error {
	data, err := c.get(ctx, "index.json", maxIndex)
	if err != nil {
		return err
	}
	sig, err := c.get(ctx, "index.json.sig", ed25519.SignatureSize)
	if err != nil {
		return err
	}
	if !ed25519.Verify(c.key, data, sig) {
		return errors.New("index.json is not signed by the update key")
	}
	var ix index
	if err := json.Unmarshal(data, &ix); err != nil {
		return fmt.Errorf("index.json: %w", err)
	}
	old, err := c.serial()
	if err != nil {
		return err
	}
	if ix.Serial == old {
		return ErrCurrent
	}
	if ix.Serial < old {
		return fmt.Errorf("index.json has serial %d, %d is installed: refusing to go back", ix.Serial, old)
	}
	for _, f := range ix.Files {
		if err := c.fetch(ctx, f.Name, f.SHA256, f.Size); err != nil {
			return err
		}
	}
	return replace(filepath.Join(c.dir, "index.json"), data)
}

// serial is that of the installed set; 0 when there is none.
func (c *Client) serial() (int64, error) {
	data, err := os.ReadFile(filepath.Join(c.dir, "index.json"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var ix index
	if err := json.Unmarshal(data, &ix); err != nil {
		return 0, fmt.Errorf("installed index.json: %w", err)
	}
	return ix.Serial, nil
}

func (c *Client) fetch(ctx context.Context, name, sum string, size int64) error {
	if name != filepath.Base(name) || strings.HasPrefix(name, ".") {
		return fmt.Errorf("index.json names %q, which is not a plain file name", name)
	}
	file := filepath.Join(c.dir, name)
	if have, err := os.ReadFile(file); err == nil && hexSum(have) == sum {
		return nil
	}
	if size < 0 || size > maxFile {
		return fmt.Errorf("%s: size %d is out of range", name, size)
	}
	data, err := c.get(ctx, "files/"+sum, size)
	if err != nil {
		return err
	}
	if got := hexSum(data); got != sum {
		return fmt.Errorf("%s: SHA-256 is %s, index.json says %s", name, got, sum)
	}
	return replace(file, data)
}

func hexSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// replace writes file so that a reader sees the old bytes or the new ones.
func replace(file string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.Write(data); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Sync(); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
