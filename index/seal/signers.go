package seal

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// MaxSigners bounds an allowed_signers file in bytes: about five thousand keys,
// far more than any room knows.
const MaxSigners = 1 << 20

// Signers are the keys that may sign, and for what, and when. The zero value
// and nil allow nobody.
type Signers struct {
	lines   []signerLine
	revoked *Revoked
}

// ErrPeriod is in the error about a key that is listed for the namespace, but
// not for the time that was asked for.
var ErrPeriod = errors.New("the key is not valid at that time")

// Revoke returns the list without the keys that are revoked: it refuses them by
// that name. String does not write them.
func (s *Signers) Revoke(r *Revoked) *Signers {
	if s == nil {
		return &Signers{revoked: r}
	}
	return &Signers{s.lines, r}
}

type signerLine struct {
	number        int // in the file, from 1
	principals    string
	namespaces    string // pattern list; any namespace when !restricted
	restricted    bool
	after, before time.Time // zero: no bound
	key           ssh.PublicKey
}

// ParseSigners reads an allowed_signers file as ssh-keygen(1) describes it.
// Any line that cannot be honoured in full refuses the file by the line's
// number. Times without Z are in the machine's time zone, as there.
func ParseSigners(file []byte) (*Signers, error) {
	if len(file) > MaxSigners {
		return nil, fmt.Errorf("list of allowed signers of %d bytes, at most %d are read", len(file), MaxSigners)
	}
	s := new(Signers)
	number := 0
	for line := range strings.Lines(string(file)) {
		number++
		line = strings.Trim(line, " \t\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		if i := strings.IndexFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }); i >= 0 {
			return nil, fmt.Errorf("list of allowed signers, line %d: a control character stands in it", number)
		}
		l, err := parseSignerLine(line)
		if err != nil {
			return nil, fmt.Errorf("list of allowed signers, line %d: %w", number, err)
		}
		l.number = number
		s.lines = append(s.lines, l)
	}
	return s, nil
}

func parseSignerLine(line string) (signerLine, error) {
	var l signerLine
	principals, rest, err := cutWord(line)
	if err != nil {
		return l, err
	}
	if principals == "" {
		return l, errors.New("the principal is empty")
	}
	l.principals = principals
	if rest == "" {
		return l, errors.New("no key follows the principal")
	}
	if key, _, err := readKey(rest); err == nil {
		l.key = key
		return l, checkKey(key)
	}
	// No key at this place: then options stand here, as in authorized_keys.
	options, rest := cutOptions(rest)
	key, _, err := readKey(rest)
	if err != nil {
		return l, fmt.Errorf("no readable key follows %q", options)
	}
	if err := checkKey(key); err != nil {
		return l, err
	}
	l.key = key
	return l, l.setOptions(options)
}

// readKey reads "type base64 comment".
func readKey(s string) (ssh.PublicKey, string, error) {
	kind, rest, _ := cutSpace(s)
	blob, comment, _ := cutSpace(rest)
	// ParseAuthorizedKey would take options; a type before it rules them out.
	key, _, options, _, err := ssh.ParseAuthorizedKey([]byte(kind + " " + blob))
	if err != nil {
		return nil, "", err
	}
	if len(options) > 0 || key.Type() != kind {
		return nil, "", fmt.Errorf("key of type %q named %q", key.Type(), kind)
	}
	return key, comment, nil
}

// cutWord takes the first word off, which may stand in double quotes.
func cutWord(s string) (word, rest string, err error) {
	if s[0] != '"' {
		word, rest, _ = cutSpace(s)
		return word, rest, nil
	}
	end := strings.IndexByte(s[1:], '"')
	if end < 0 {
		return "", "", errors.New("a quotation mark is not closed")
	}
	return s[1 : 1+end], strings.TrimLeft(s[2+end:], " \t"), nil
}

func cutSpace(s string) (word, rest string, found bool) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, "", false
	}
	return s[:i], strings.TrimLeft(s[i:], " \t"), true
}

// cutOptions takes the options off: up to the first blank outside quotes, in
// which \" is a quotation mark.
func cutOptions(s string) (options, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ' ' || s[i] == '\t'):
			return s[:i], strings.TrimLeft(s[i:], " \t")
		}
	}
	return s, ""
}

func (l *signerLine) setOptions(s string) error {
	for s != "" {
		name, rest := s, ""
		if i := strings.IndexAny(s, "=,"); i >= 0 {
			name, rest = s[:i], s[i:]
		}
		lower := strings.ToLower(name) // option names ignore case, as there
		switch lower {
		case "cert-authority":
			return errors.New("the option cert-authority is not honoured: certificates are not taken here, list the keys themselves")
		case "namespaces", "valid-after", "valid-before":
		default:
			return fmt.Errorf("unknown option %q", name)
		}
		value, rest, err := quotedValue(lower, rest)
		if err != nil {
			return err
		}
		if err := l.set(lower, value); err != nil {
			return err
		}
		if rest == "" {
			break
		}
		if rest[0] != ',' {
			return fmt.Errorf("option %s: want a comma before %q", lower, rest)
		}
		if s = rest[1:]; s == "" {
			return errors.New("a comma ends the options")
		}
	}
	if !l.after.IsZero() && !l.before.IsZero() && !l.after.Before(l.before) {
		return errors.New("valid-after is not before valid-before: the key would never be valid")
	}
	return nil
}

func (l *signerLine) set(name, value string) error {
	twice := fmt.Errorf("option %s stands twice", name)
	if name == "namespaces" {
		if l.restricted {
			return twice
		}
		l.namespaces, l.restricted = value, true
		return nil
	}
	at, err := parseSignerTime(value)
	if err != nil {
		return fmt.Errorf("option %s: %w", name, err)
	}
	bound := &l.after
	if name == "valid-before" {
		bound = &l.before
	}
	if !bound.IsZero() {
		return twice
	}
	*bound = at
	return nil
}

// quotedValue takes ="…" off, in which \" stands for a quotation mark.
func quotedValue(name, s string) (value, rest string, err error) {
	s, ok := strings.CutPrefix(s, `="`)
	if !ok {
		return "", "", fmt.Errorf("option %s: want %s=\"…\"", name, name)
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case s[i] == '"':
			return b.String(), s[i+1:], nil
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", fmt.Errorf("option %s: the quotation mark is not closed", name)
}

// parseSignerTime reads YYYYMMDD or YYYYMMDDHHMM[SS], in UTC when Z follows.
func parseSignerTime(s string) (time.Time, error) {
	zone := time.Local
	digits := s
	if n := len(s) - 1; n >= 0 && (s[n] == 'Z' || s[n] == 'z') {
		zone, digits = time.UTC, s[:n]
	}
	layout := map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(digits)]
	if layout == "" || strings.Trim(digits, "0123456789") != "" {
		return time.Time{}, fmt.Errorf("time %q: want YYYYMMDD or YYYYMMDDHHMM[SS], with Z for UTC", s)
	}
	at, err := time.ParseInLocation(layout, digits, zone)
	if err != nil || at.Unix() <= 0 {
		return time.Time{}, fmt.Errorf("time %q is not a date since 1970", s)
	}
	return at, nil
}

// Find returns the principal whose line allows key to sign for namespace at
// the time at: the line's first name that is no pattern, or else the patterns
// as they stand. The error says why a listed key was not enough.
func (s *Signers) Find(key ssh.PublicKey, namespace string, at time.Time) (principal string, err error) {
	return s.find(key, namespace, at, nil)
}

// Permits reports whether principal may sign with key for namespace at the
// time at, as `ssh-keygen -Y verify -I principal` would.
func (s *Signers) Permits(principal string, key ssh.PublicKey, namespace string, at time.Time) error {
	if principal == "" {
		return errors.New("no principal named")
	}
	_, err := s.find(key, namespace, at, &principal)
	return err
}

func (s *Signers) find(key ssh.PublicKey, namespace string, at time.Time, principal *string) (string, error) {
	if key == nil {
		return "", errors.New("no key to look for")
	}
	var why error
	if s != nil {
		if s.revoked.Has(key) {
			return "", revokedKey{key}
		}
		for i := range s.lines {
			l := &s.lines[i]
			if !Same(l.key, key) {
				continue
			}
			if principal != nil && !matchList(*principal, l.principals) {
				why = fmt.Errorf("it stands on line %d for %s, not for %s", l.number, l.principals, *principal)
				continue
			}
			if why = l.allows(namespace, at); why == nil {
				return l.name(), nil
			}
		}
	}
	if why != nil {
		return "", fmt.Errorf("key %s is listed but not allowed: %w", Fingerprint(key), why)
	}
	return "", fmt.Errorf("key %s is not among the allowed signers", Fingerprint(key))
}

func (l *signerLine) allows(namespace string, at time.Time) error {
	const stamp = "2006-01-02 15:04:05Z"
	// Whole seconds and both ends included, as ssh-keygen compares them.
	switch now := at.Unix(); {
	case l.restricted && !matchList(namespace, l.namespaces):
		return fmt.Errorf("line %d allows namespaces %q, not %q", l.number, l.namespaces, namespace)
	case !l.after.IsZero() && now < l.after.Unix():
		return outside{fmt.Sprintf("line %d is valid only after %s", l.number, l.after.UTC().Format(stamp))}
	case !l.before.IsZero() && now > l.before.Unix():
		return outside{fmt.Sprintf("line %d was valid only before %s", l.number, l.before.UTC().Format(stamp))}
	}
	return nil
}

// outside is an ErrPeriod in words of its own.
type outside struct{ sentence string }

func (o outside) Error() string        { return o.sentence }
func (o outside) Is(target error) bool { return target == ErrPeriod }

func (l *signerLine) name() string {
	for p := range strings.SplitSeq(l.principals, ",") {
		if p != "" && !strings.ContainsAny(p, "*?!") {
			return p
		}
	}
	return l.principals
}

// Keys returns the keys of the list, in its order.
func (s *Signers) Keys() []ssh.PublicKey {
	if s == nil {
		return nil
	}
	keys := make([]ssh.PublicKey, len(s.lines))
	for i := range s.lines {
		keys[i] = s.lines[i].key
	}
	return keys
}

// String is the list as an allowed_signers file: without comments, in its
// order, times in UTC. ParseSigners reads the same list from it.
func (s *Signers) String() string {
	if s == nil {
		return ""
	}
	var b strings.Builder
	for i := range s.lines {
		s.lines[i].write(&b)
	}
	return b.String()
}

func (l *signerLine) write(b *strings.Builder) {
	const stamp = "20060102150405Z"
	name := l.principals
	if strings.ContainsAny(name, " \t") || name[0] == '#' {
		name = `"` + name + `"`
	}
	var options []string
	if l.restricted {
		options = append(options, `namespaces="`+strings.ReplaceAll(l.namespaces, `"`, `\"`)+`"`)
	}
	if !l.after.IsZero() {
		options = append(options, `valid-after="`+l.after.UTC().Format(stamp)+`"`)
	}
	if !l.before.IsZero() {
		options = append(options, `valid-before="`+l.before.UTC().Format(stamp)+`"`)
	}
	b.WriteString(name + " ")
	if len(options) > 0 {
		b.WriteString(strings.Join(options, ",") + " ")
	}
	b.Write(ssh.MarshalAuthorizedKey(l.key))
}

// Line is one line, with its end, of an allowed_signers file: principal may
// sign with key, for the namespaces or, when there are none, for any. What
// would make the principal a pattern or break the line is written as "_".
func Line(principal string, key ssh.PublicKey, namespaces ...string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`",*?!`, r) {
			return '_'
		}
		return r
	}, principal)
	if name == "" {
		name = "_"
	}
	if strings.ContainsAny(name, " #") {
		name = `"` + name + `"`
	}
	only := ""
	if len(namespaces) > 0 {
		only = fmt.Sprintf("namespaces=\"%s\" ", strings.Join(namespaces, ","))
	}
	return name + " " + only + string(ssh.MarshalAuthorizedKey(key))
}
