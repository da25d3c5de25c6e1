// Package seal signs and checks: SSH signatures over bytes, the lists of who
// may sign and whose key is revoked, OpenPGP signatures of others, and the one
// byte form a JSON document may have. It knows keys and
// encodings; it must not know what is signed, who the parties are, or where
// anything is stored.
//
// # Signatures
//
// A signature is what `ssh-keygen -Y sign` writes (OpenSSH's PROTOCOL.sshsig,
// version 1), and stock `ssh-keygen -Y verify` accepts ours:
//
//	-----BEGIN SSH SIGNATURE-----
//	base64, 70 columns a line
//	-----END SSH SIGNATURE-----
//
// The base64 holds, in SSH wire encoding,
//
//	"SSHSIG" uint32(1) string(public key) string(namespace) string("")
//	string(hash algorithm) string(signature)
//
// and the signature is over
//
//	"SSHSIG" string(namespace) string("") string(hash algorithm)
//	string(HASH(message))
//
// Ours is narrower than stock in what it takes. The armour must be the very
// bytes that an encoder would write: ssh-keygen accepts changed white space,
// stray base64 bits and text around the block, so that one signature has many
// files, and a digest of the file would then prove less than it seems to.
// Refused besides: RSA below 2048 bits or with SHA-1, DSA, certificates, a
// hardware key used without touch, a reserved field that is not empty. One
// thing no verifier can refuse without refusing stock signatures: an ECDSA
// signature has a mirror image that anyone can compute and that is as good.
// Where the signature file itself must be unique, use ed25519.
//
// # Allowed signers
//
// Trusted keys stand in a file as ssh-keygen(1) describes under ALLOWED
// SIGNERS, one key a line:
//
//	ann@lab namespaces="review@vitrine" ssh-ed25519 AAAAC3Nza…
//	*@escrow.example,!old@escrow.example valid-before="20270101Z" ssh-rsa AAAAB3…
//
// An unknown option makes the whole file refused, with the line's number: an
// option that is not understood may be the one that takes the trust away.
//
// # Revocation lists
//
// Keys that count no more stand in a list of either form that sshd and
// ssh-keygen take: a KRL made by ssh-keygen -k (OpenSSH's PROTOCOL.krl, format
// version 1), or public keys, one a line. A listed key is refused before
// anything else is asked of it. Of a KRL the sections with keys and with SHA-1
// and SHA-256 fingerprints count; those that revoke certificates are read and
// have no effect, since no certificate is taken; extensions that may be ignored
// are. Everything else refuses the list by name: flags, other sections, and
// signatures, which current OpenSSH does not check either.
//
// # What others signed
//
// ParseForeign takes an SSH signature in the looser armour of other encoders, and
// by hardware keys that nobody touched, for tags and commits; and Keyring.Verify
// an OpenPGP signature of a document by certificates that the reader has, with
// nothing around it.
//
// # Canonical JSON
//
// A signed document is JSON in the form of RFC 8785: no white space, members
// sorted by the UTF-16 code units of their names, the shortest escapes, numbers
// as ECMAScript writes them. The value
//
//	struct{ Title string `json:"title"`; Size int64 `json:"size"`; Note string `json:"note"` }
//	{"€ <b>\n", 56, ""}
//
// has the one form
//
//	{"note":"","size":56,"title":"€ <b>\n"}
//
// where \n is the two characters of the escape. Decode takes no other bytes,
// so that whoever signs, hashes or compares the bytes has signed, hashed or
// compared the value.
package seal
