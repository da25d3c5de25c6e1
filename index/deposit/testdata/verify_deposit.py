#!/usr/bin/env python3
"""Verifies a Vitrine deposit: a second implementation of the format.

It was written from the package comment of index/deposit, with the standard
library and stock ssh-keygen, before its author had read the implementation; where
it had to guess, the comment was mended, and this with it. A test runs it beside
the Go implementation and requires the same verdict of both.

    verify_deposit.py [--at RFC3339] DIR ALLOWED_SIGNERS
    verify_deposit.py [--at RFC3339] --serve ALLOWED_SIGNERS < list of DIRs

DIR is a deposit, or a folder that holds one folder for each of several deposits
that continue each other. It prints "ok DIGEST" and exits with 0, or
"refused: SENTENCE" and exits with 1. With --serve it answers a line for a line.

Two things it leaves out on purpose. It has none of the Limits that a reader sets
for itself, so give it only what your memory can hold. And it hashes with plain
SHA-1, so bytes made for a collision pass here; the manifest's SHA-256 of each
blob and tree and of each bundle bind them all the same.
"""

import argparse
import base64
import calendar
import datetime
import hashlib
import json
import os
import re
import stat
import struct
import subprocess
import sys
import unicodedata
import zlib

NAMESPACE = "deposit@vitrine"
MAX_MANIFEST = 256 << 20
MAX_SIGNATURE = 64 << 10
MAX_DOCUMENT = 64 << 20
MAX_DOCUMENTS = 256 << 20  # bytes of all documents
MAX_BUILD = 16 << 10
MAX_RELEASES = MAX_DEPOSITS = 1000
MAX_SOURCES = 64
MAX_LIST = 10000  # artifacts; prerequisites and shallow commits of a source
MAX_TAGS = 8  # annotated tags between a release's ref and its commit
MAX_PATH = 4096
MAX_DIRECTORIES = 256
MAX_INTEGER = 2**53 - 1  # what canonical JSON holds exactly


class Refused(Exception):
    """The deposit is not one; the message says why."""


def require(condition, *words):
    """Refuses with these words, unless the condition holds."""
    if not condition:
        raise Refused(" ".join(w if isinstance(w, str) else ascii(w) for w in words))


# --- manifest.json -----------------------------------------------------------

# The members of the manifest: a type, a list of one form, or members again.
MANIFEST = {
    "artifacts": [{"build": str, "name": str, "release": str, "sha256": str, "size": int}],
    "documents": [{"kind": str, "name": str, "release": str, "sha256": str, "size": int}],
    "format": str,
    "predecessor": str,
    "sealed": str,
    "sources": [{
        "bundle": str,
        "name": str,
        "objects": [{"git": str, "kind": str, "sha256": str, "size": int}],
        "prerequisites": [str],
        "releases": [{"commit": str, "name": str, "tree": str}],
        "sha256": str,
        "shallow": [str],
        "size": int,
    }],
    "title": str,
    "vendor": str,
    "version": int,
}


def parse_manifest(data):
    """The manifest of these bytes, whose form and values are checked."""

    def members(pairs):
        result = dict(pairs)
        require(len(result) == len(pairs), "the manifest repeats a key")
        return result

    def no_number(text):
        raise Refused("the manifest holds a number that is not an integer: " + ascii(text))

    require(len(data) <= MAX_MANIFEST, "the manifest has more than 256 MiB")
    try:
        m = json.loads(data.decode("utf-8"), object_pairs_hook=members,
                       parse_float=no_number, parse_constant=no_number)
        if isinstance(m, dict) and type(m.get("version")) is int:
            require(m["version"] == 1, "the manifest's version is", m["version"])
        canonical = json.dumps(m, ensure_ascii=False, sort_keys=True,
                               separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as e:  # UTF-8, surrogates and JSON alike
        raise Refused("the manifest is not JSON: " + ascii(e)) from e
    require(canonical == data, "the manifest is not canonical JSON")
    check_form(m, MANIFEST, "the manifest")
    check_values(m)
    return m


def check_form(value, form, where):
    """Every member is there, of its type, and no other."""
    if isinstance(form, dict):
        require(type(value) is dict, where, "is not an object")
        require(value.keys() == form.keys(), where, "lacks a member or has an unknown one")
        for key, inner in form.items():
            check_form(value[key], inner, key)
    elif isinstance(form, list):
        require(type(value) is list, where, "is not a list")
        for item in value:
            check_form(item, form[0], where)
    else:  # type, since True is an int to isinstance
        require(type(value) is form, where, "is of the wrong type")
        require(form is not int or 0 <= value <= MAX_INTEGER, where, "is out of range")


def is_git_id(s):
    return re.fullmatch("[0-9a-f]{40}", s)


def is_digest(s):
    return re.fullmatch("[0-9a-f]{64}", s)


def is_text(s):
    """Titles and names: isprintable means no category C or Z, but for U+0020."""
    return 1 <= len(s.encode()) <= 200 and s.isprintable() and s == s.strip(" ")


def is_release_name(s):
    """The names that git-check-ref-format(1) allows, of characters that print."""
    return (is_text(s) and s != "@" and not re.search(r"[ ~^:?*\[\\]|\.\.|@\{|^-|\.$", s)
            and all(p and not p.startswith(".") and not p.endswith(".lock") for p in s.split("/")))


def is_sorted(items):
    """Sorted, and each there once."""
    return all(a < b for a, b in zip(items, items[1:]))


def unique(items):
    return len(set(items)) == len(items)


def is_sealed(s):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", s):
        return False
    year, month, day, hour, minute, second = map(int, re.findall("[0-9]+", s))
    return (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
            and hour < 24 and minute < 60 and second < 60)


def check_values(m):
    """The rules of values that one manifest alone can hold or break. What the
    bundles and documents will be compared with needs none here."""
    require(m["format"] == "vitrine-deposit", "the format is", m["format"])
    require(m["predecessor"] == "" or is_digest(m["predecessor"]), "predecessor is no digest")
    require(is_sealed(m["sealed"]), "sealed is no time in UTC:", m["sealed"])
    for key in "title", "vendor":
        require(is_text(m[key]), key, "is no text of 1 to 200 bytes")

    sources = m["sources"]
    require(1 <= len(sources) <= MAX_SOURCES, "there are not 1 to 64 sources")
    require(unique([s["name"] for s in sources]), "a source's name occurs twice")
    for s in sources:
        check_source_values(s, first=m["predecessor"] == "")

    require(len(m["artifacts"]) <= MAX_LIST, "there are more than 10000 artifacts")
    for a in m["artifacts"]:
        name = a["name"]
        require(is_text(name) and not re.search(r"[/\\]", name) and name not in (".", ".."),
                "an artifact is named", name)
        require(is_digest(a["sha256"]), "the artifact", name, "has no digest")
        build = a["build"].replace("\n", "").replace("\t", "")
        require(len(a["build"].encode()) <= MAX_BUILD and (not build or build.isprintable()),
                "the build of the artifact", name, "is no text of at most 16 KiB")
    require(unique([(a["release"], a["name"]) for a in m["artifacts"]]),
            "an artifact's name occurs twice in a release")

    require(len(m["documents"]) <= MAX_RELEASES, "there are more than 1000 documents")
    for d in m["documents"]:
        name = d["name"]
        require(re.fullmatch(r"sbom-[A-Za-z0-9._-]{0,59}\.json", name), "a document is named", name)
        require(d["kind"] in ("spdx", "cyclonedx"), "the document", name, "is of the kind", d["kind"])
        require(1 <= d["size"] <= MAX_DOCUMENT, "the document", name, "is not of 1 byte to 64 MiB")
    require(unique([d["name"] for d in m["documents"]]), "a document's name occurs twice")


def check_source_values(s, first):
    """The rules of a source; objects are compared as they must be, later on."""
    name = s["name"]
    require(re.fullmatch("[a-z0-9][a-z0-9._-]{0,63}", name), "a source is named", name)
    require(s["bundle"] == name + ".bundle", "the source", name, "has the bundle", s["bundle"])
    require(s["releases"], "the source", name, "has no release")
    for r in s["releases"]:
        require(is_release_name(r["name"]), "a release is named", r["name"])
    for key in "prerequisites", "shallow":
        require(all(map(is_git_id, s[key])) and is_sorted(s[key]) and len(s[key]) <= MAX_LIST,
                key, "of", name, "are not sorted ids, at most 10000")
    require(not (first and s["prerequisites"]),
            "the deposit continues no other, and", name, "has prerequisites")


# --- manifest.json.sig -------------------------------------------------------

BEGIN, END = b"-----BEGIN SSH SIGNATURE-----\n", b"-----END SSH SIGNATURE-----\n"


def check_signature_form(sig):
    """The one form in which ssh-keygen writes a signature (PROTOCOL.sshsig)."""
    require(sig.startswith(BEGIN) and sig.endswith(END), "the signature has no armor")
    try:
        blob = base64.b64decode(sig[len(BEGIN):-len(END)])
    except ValueError as e:
        raise Refused("the signature is not base64") from e
    text = base64.b64encode(blob)
    lines = b"".join(text[i:i + 70] + b"\n" for i in range(0, len(text), 70))
    require(sig == BEGIN + lines + END, "the signature is in another form than ssh-keygen's")

    require(blob[:10] == b"SSHSIG" + struct.pack(">I", 1), "the signature is not of version 1")
    fields, rest = [], blob[10:]
    for _ in range(5):
        field, rest = ssh_string(rest)
        fields.append(field)
    key, namespace, reserved, hashing, signature = fields
    require(rest == b"" and reserved == b"", "the signature holds more than it may")
    require(namespace.decode("latin-1") == NAMESPACE, "the signature's namespace is another one")
    require(hashing in (b"sha256", b"sha512"), "the signature's hash is neither SHA-256 nor SHA-512")

    kind, key = ssh_string(key)
    algorithm, signature = ssh_string(signature)
    value, more = ssh_string(signature)
    if kind == b"ssh-rsa":
        require(algorithm in (b"rsa-sha2-256", b"rsa-sha2-512"), "the signature is RSA with SHA-1")
        bits = [n.bit_length() for n in numbers(key)]
        require(bits[1:] and bits[1] >= 2048, "the signature is of an RSA key of fewer than 2048 bits")
    else:
        require(kind in KEYS and algorithm == kind, "the signature is of a kind that is not taken")
    if b"ecdsa" in kind:
        numbers(value)
    if kind.startswith(b"sk-"):  # flags, of which 1 says that the key was touched, and a counter
        require(len(more) == 5 and more[0] & 1, "the signature was made by a key that nobody touched")
    else:
        require(not more, "the signature holds more than it may")


KEYS = (b"ssh-ed25519", b"ecdsa-sha2-nistp256", b"ecdsa-sha2-nistp384", b"ecdsa-sha2-nistp521",
        b"sk-ssh-ed25519@openssh.com", b"sk-ecdsa-sha2-nistp256@openssh.com")


def numbers(data):
    """The positive numbers that data is, each in its shortest form."""
    result = []
    while data:
        field, data = ssh_string(data)
        n = int.from_bytes(field, "big")
        require(field == n.to_bytes(n.bit_length() // 8 + 1, "big") and n > 0, "the signature holds a long number")
        result.append(n)
    return result


def ssh_string(data):
    """The length-prefixed string at the start of data, and what follows it."""
    require(len(data) >= 4, "the signature is cut off")
    end = 4 + struct.unpack(">I", data[:4])[0]
    require(end <= len(data), "the signature is cut off")
    return data[4:end], data[end:]


def check_signatures(deposits, signers, at):
    """Each deposit's signature fits its manifest, and the last one's key is one of
    the allowed signers at that time. Who signed the last one vouches for each
    before it, whose digest it names, whatever became of its key since."""
    for d in deposits:
        check_signature_form(d.signature)
    for d in deposits[:-1]:
        require(ssh_keygen("check-novalidate", d) is not None, d.folder, "has a signature of something else")
    last, when = deposits[-1], at.astimezone(datetime.timezone.utc).strftime("%Y%m%d%H%M%SZ")
    allowed = ["-f", signers, "-Overify-time=" + when]
    principals = ssh_keygen("find-principals", last, *allowed) or ""
    require(any(ssh_keygen("verify", last, "-I", p, *allowed) for p in principals.splitlines()),
            "the manifest is not signed by a key that is trusted for deposits at this time")


def ssh_keygen(action, deposit, *args):
    """What ssh-keygen says of the deposit's signature, or None when it refuses."""
    args = ["ssh-keygen", "-Y", action, "-s", os.path.join(deposit.folder, "manifest.json.sig"), *args]
    if action != "find-principals":
        args += ["-n", NAMESPACE]
    run = subprocess.run(args, input=deposit.bytes, capture_output=True, check=False)
    return run.stdout.decode() if run.returncode == 0 else None


# --- NAME.bundle -------------------------------------------------------------

def bundle_pack(data, source):
    """The pack of the bundle, whose refs lead to the releases' tags.

    Returns the pack's bytes and the ids of refs/tags/NAME, in the manifest's order.
    """
    header, empty, pack = data.partition(b"\n\n")
    require(empty, source["bundle"], "has no header")
    lines = header.split(b"\n")
    last = source["releases"][-1]["commit"]
    fixed = ["# v2 git bundle"] + ["-" + p for p in source["prerequisites"]]
    fixed += [last + " HEAD", last + " refs/heads/main"]
    require(lines[:len(fixed)] == [f.encode() for f in fixed],
            source["bundle"], "does not begin with the prerequisites, HEAD and main of the manifest")
    lines = lines[len(fixed):]
    require(len(lines) == len(source["releases"]), source["bundle"], "has other refs than the releases")
    tags = []
    for line, release in zip(lines, source["releases"]):
        tag = line[:40].decode("latin-1")
        require(is_git_id(tag) and line[40:] == b" refs/tags/" + release["name"].encode(),
                source["bundle"], "has another ref than the tag of", release["name"])
        tags.append(tag)
    return pack, tags


KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
OFFSET_DELTA, ID_DELTA = 6, 7


def read_pack(pack):
    """All objects of the pack: {id: (kind, content)}."""
    require(len(pack) >= 32 and pack[:8] == b"PACK" + struct.pack(">I", 2), "the pack is not of version 2")
    end = len(pack) - 20
    require(hashlib.sha1(pack[:end]).digest() == pack[end:], "the pack's trailer is not its SHA-1")

    objects = {}
    whole = []  # entries that need no base: (offset, kind, content)
    deltas = {}  # base's offset or id: the entries that need it, (offset, delta)
    pos = 12
    for _ in range(struct.unpack(">I", pack[8:12])[0]):
        start = pos
        kind, size, pos = entry_header(pack, pos, end)
        base = None
        if kind == OFFSET_DELTA:
            distance, pos = base_distance(pack, pos, end)
            base = start - distance
        elif kind == ID_DELTA:
            require(pos + 20 <= end, "the pack is cut off")
            base, pos = pack[pos:pos + 20].hex(), pos + 20
        content, pos = inflate(pack, pos, end, size)
        if base is not None:
            deltas.setdefault(base, []).append((start, content))
        else:
            require(kind in KINDS, "the pack holds an entry of the unknown type", kind)
            whole.append((start, KINDS[kind], content))
    require(pos == end, "the pack holds more than its entries")

    while whole:
        start, kind, content = whole.pop()
        name = hashlib.sha1(b"%s %d\0" % (kind.encode(), len(content)) + content).hexdigest()
        require(name not in objects, "the pack holds an object twice:", name)
        objects[name] = kind, content
        for offset, delta in deltas.pop(start, []) + deltas.pop(name, []):
            whole.append((offset, kind, patch(content, delta)))
    require(not deltas, "the pack lacks the base of a delta")
    return objects


def entry_header(pack, pos, end):
    """Type and size of the entry: 3 and 4 bits, then 7 each, lowest first; 9 bytes."""
    require(pos < end, "the pack is cut off")
    byte, pos = pack[pos], pos + 1
    kind, size, shift = byte >> 4 & 7, byte & 15, 4
    while byte & 0x80:
        require(pos < end and shift < 60, "the pack is cut off, or a size has more than 9 bytes")
        byte, pos = pack[pos], pos + 1
        size |= (byte & 0x7F) << shift
        shift += 7
    return kind, size, pos


def base_distance(pack, pos, end):
    """How far before the entry its base stands: 7 bits each, highest first, plus one."""
    distance = -1
    while True:
        require(pos < end, "the pack is cut off")
        byte, pos = pack[pos], pos + 1
        distance = (distance + 1) << 7 | byte & 0x7F
        if not byte & 0x80:
            return distance, pos


def inflate(pack, pos, end, size):
    """The content of exactly this size, and where its zlib stream ends."""
    z, parts, have, start = zlib.decompressobj(), [], 0, pos
    try:
        while not z.eof:
            require(pos < end, "the pack is cut off")
            chunk = pack[pos:min(pos + 4096, end)]
            pos += len(chunk)
            parts.append(z.decompress(chunk, size - have + 1))
            have += len(parts[-1])
            require(have <= size, "an entry of the pack is longer than it declares")
    except zlib.error as e:
        raise Refused("an entry of the pack does not inflate: " + ascii(e)) from e
    require(have == size, "an entry of the pack is shorter than it declares")
    pos -= len(z.unused_data)
    require(pos - start <= size + size // 8 + 65536, "an entry of the pack is compressed to more than it is")
    return b"".join(parts), pos


def patch(base, delta):
    """What the delta makes of its base."""
    require(len(delta) >= 4, "a delta has fewer than 4 bytes")
    pos = 0

    def take():
        nonlocal pos
        require(pos < len(delta), "a delta is cut off")
        pos += 1
        return delta[pos - 1]

    def length():
        value = shift = 0
        while True:
            require(shift < 63, "a size in a delta has more than 9 bytes")
            byte = take()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    require(length() == len(base), "a delta is made for a base of another size")
    size, result = length(), bytearray()
    while pos < len(delta):
        op = take()
        if op & 0x80:  # copy: 4 bytes of offset, 3 of size, those whose bits are set
            offset = sum(take() << 8 * i for i in range(4) if op >> i & 1)
            count = sum(take() << 8 * i for i in range(3) if op >> (4 + i) & 1) or 0x10000
            require(offset + count <= len(base), "a delta copies from outside of its base")
            result += base[offset:offset + count]
        else:
            require(op != 0, "a delta holds an unknown instruction")
            require(pos + op <= len(delta), "a delta is cut off")
            result += delta[pos:pos + op]
            pos += op
        require(len(result) <= size, "a delta makes more than it declares")
    require(len(result) == size, "a delta makes less than it declares")
    return bytes(result)


# --- Objects -----------------------------------------------------------------

LINKS = {b"40000": "tree", b"100644": "blob", b"100664": "blob", b"100755": "blob",
         b"120000": "blob", b"160000": None}  # None: a submodule, which leads nowhere


def read_tree(content):
    """The entries of a tree, (name, kind or None, id), which keep git's rules."""
    entries, names, previous, pos = [], set(), b"", 0
    while pos < len(content):
        space = content.find(b" ", pos)
        nul = content.find(b"\0", space)
        require(pos < space < nul and nul + 21 <= len(content), "a tree is malformed")
        mode, name = content[pos:space], content[space + 1:nul]
        require(mode in LINKS, "a tree has an entry of the mode", mode)
        require(name not in (b"", b".", b"..") and b"/" not in name and len(name) <= MAX_PATH
                and not is_dot_git(name), "a tree has an entry named", name)
        require(name not in names, "a tree has two entries named", name)
        key = name + b"/" if LINKS[mode] == "tree" else name
        require(previous < key, "a tree is not in git's order at", name)
        names.add(name)
        previous = key
        entries.append((name, LINKS[mode], content[nul + 1:nul + 21].hex()))
        pos = nul + 21
    return entries


HFS_IGNORES = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")


def is_dot_git(name):
    """Whether a file system of Unix, HFS+ or NTFS may take the name for .git."""
    text = name.decode("utf-8", "surrogateescape")
    text = re.split("[\udc80-\udcff]", text)[0]  # HFS+: up to what is no UTF-8
    if re.fullmatch(r"(?ai)\.git", HFS_IGNORES.sub("", text)):
        return True
    return any(re.fullmatch(rb"(?is)(\.git|git~1)[. ]*(:.*)?", part) for part in name.split(b"\\"))


def read_commit(content):
    """The commit's tree, and its parents."""
    head = re.match(rb"tree ([0-9a-f]{40})\n((?:parent [0-9a-f]{40}\n)*)author ", content)
    require(head, "a commit does not begin with tree, parents and author")
    return head[1].decode(), [line[7:].decode() for line in head[2].splitlines()]


def read_tag(content):
    """What the tag names, as (kind, id)."""
    head = re.match(rb"object ([0-9a-f]{40})\ntype (commit|tree|blob|tag)\ntag .*\n", content)
    require(head, "a tag does not begin with object, type and tag")
    return head[2].decode(), head[1].decode()


# --- A source ----------------------------------------------------------------

def check_source(source, bundle, held):
    """Checks a source of a deposit; held are the objects of the deposits before
    it, to which its own are added."""
    where = source["bundle"]
    require(len(bundle) == source["size"], where, "has another size than the manifest says")
    require(hashlib.sha256(bundle).hexdigest() == source["sha256"],
            where, "has another SHA-256 than the manifest says")
    pack, tags = bundle_pack(bundle, source)
    own = read_pack(pack)
    require(not own.keys() & held.keys(), where, "holds an object that an earlier bundle holds")

    listed = [{"git": name, "kind": kind, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
              for name, (kind, content) in sorted(own.items()) if kind in ("blob", "tree")]
    require(listed == source["objects"], where, "holds other blobs and trees than the manifest lists")

    both = {**held, **own}
    commits = {name: read_commit(content) for name, (kind, content) in own.items() if kind == "commit"}
    for name in source["shallow"]:
        require(name in commits, "shallow lists what is no commit of", where + ":", name)
        require(any(p not in both for p in commits[name][1]),
                "shallow lists a commit of which all parents are there:", name)
        require(all(p not in both or both[p][0] == "commit" for p in commits[name][1]),
                "shallow lists a commit that has another object as a parent:", name)

    # Links of the pack's objects, all of them, whether reached or not.
    links = {}
    for name, (kind, content) in own.items():
        links[name] = []
        if kind == "commit":
            tree, parents = commits[name]
            links[name] = [("tree", tree)]
            if name not in source["shallow"]:
                links[name] += [("commit", p) for p in parents]
        elif kind == "tag":
            links[name] = [read_tag(content)]
        elif kind == "tree":
            links[name] = [(k, n) for _, k, n in read_tree(content) if k is not None]

    # Connectivity: all that is reached is there, of the right kind, and nothing else.
    last = source["releases"][-1]["commit"]
    todo = [("commit", last)]
    for tag in tags:
        require(tag in both, where, "lacks what its ref names:", tag)
        todo.append((both[tag][0], tag))
    reached, rests_on = set(), set()
    while todo:
        kind, name = todo.pop()
        require(name in both, where, "lacks the", kind, name)
        require(both[name][0] == kind, where, "holds a", both[name][0], "in the place of the", kind, name)
        if name in held:
            if kind == "commit":
                rests_on.add(name)
        elif name not in reached:
            reached.add(name)
            todo += links[name]
    require(reached == own.keys(), where, "holds objects that no ref leads to")

    # Releases: a ref, annotated tags, a commit, its tree.
    for release, name in zip(source["releases"], tags):
        for _ in range(MAX_TAGS):
            if both[name][0] == "tag":
                name = read_tag(both[name][1])[1]
        require(both[name][0] == "commit" and name == release["commit"],
                "the tag of", release["name"], "leads elsewhere than to its commit")
        if name in held:
            rests_on.add(name)
        tree = read_commit(both[name][1])[0]
        require(tree == release["tree"], "the commit of", release["name"], "has another tree")
        check_paths(both, tree, 0, {}, release["name"])
    require(sorted(rests_on) == source["prerequisites"],
            where, "rests on other commits than the prerequisites")
    held.update(own)


def check_paths(objects, tree, depth, known, release):
    """The longest path within the tree, which lies so deep, and its deepest directory."""
    require(depth <= MAX_DIRECTORIES, "the release", release, "has a path of more than 256 directories")
    if tree in known:
        require(depth + known[tree][1] <= MAX_DIRECTORIES, "the release", release,
                "has a path of more than 256 directories")
        return known[tree]
    longest = deepest = 0
    for name, kind, target in read_tree(objects[tree][1]):
        try:
            text = name.decode("utf-8")
        except UnicodeDecodeError as e:
            raise Refused("the release has a path that is not UTF-8: " + ascii(name)) from e
        require(not any(unprintable(c) for c in text), "the release", release, "has a path", name)
        length = len(name)
        if kind == "tree":
            below, deeper = check_paths(objects, target, depth + 1, known, release)
            length += 1 + below if below else 0
            deepest = max(deepest, 1 + deeper)
        longest = max(longest, length)
    require(longest <= MAX_PATH, "the release", release, "has a path of more than 4096 bytes")
    known[tree] = longest, deepest
    return known[tree]


def unprintable(c):
    """Control characters, line separators and Unicode's Bidi_Control."""
    return (unicodedata.category(c) in ("Cc", "Zl", "Zp")
            or c in "\u061c\u200e\u200f" or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")


# --- Deposits ----------------------------------------------------------------

def read(path, limit=None):
    """The bytes of an ordinary file, of at most the limit."""
    info = os.lstat(path)
    require(stat.S_ISREG(info.st_mode), path, "is not an ordinary file")
    require(limit is None or info.st_size <= limit, path, "is larger than it may be")
    with open(path, "rb") as f:
        return f.read()


class Deposit:
    """The folder of a deposit, of which only the manifest is read and checked."""

    def __init__(self, folder):
        self.folder = folder
        self.bytes = read(os.path.join(folder, "manifest.json"), MAX_MANIFEST)
        self.digest = hashlib.sha256(self.bytes).hexdigest()
        self.manifest = parse_manifest(self.bytes)
        self.signature = read(os.path.join(folder, "manifest.json.sig"), MAX_SIGNATURE)
        expected = {"manifest.json", "manifest.json.sig"}
        expected.update(s["bundle"] for s in self.manifest["sources"])
        expected.update(d["name"] for d in self.manifest["documents"])
        require(set(os.listdir(folder)) == expected, folder, "holds other files than the manifest says")

    def check(self, sources):
        """Checks the files; sources are the objects of earlier deposits, by source."""
        for s in self.manifest["sources"]:
            bundle = read(os.path.join(self.folder, s["bundle"]), s["size"])
            check_source(s, bundle, sources.setdefault(s["name"], {}))
        for d in self.manifest["documents"]:
            content = read(os.path.join(self.folder, d["name"]), d["size"])
            require(len(content) == d["size"] and hashlib.sha256(content).hexdigest() == d["sha256"],
                    d["name"], "is not the document of the manifest")


def chain(directory):
    """The deposits of the directory, in the order in which they continue each other."""
    folders = [directory]
    if not os.path.lexists(os.path.join(directory, "manifest.json")):
        folders = [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
    for folder in folders[:MAX_DEPOSITS + 1]:
        require(folder == directory or stat.S_ISDIR(os.lstat(folder).st_mode), folder, "is no folder")
    deposits = [Deposit(folder) for folder in folders]
    require(len(deposits) <= MAX_DEPOSITS, "there are more than 1000 deposits")
    require(unique([d.digest for d in deposits]), "a deposit is there twice")
    following = {d.manifest["predecessor"]: d for d in deposits}
    require(len(following) == len(deposits), "two deposits continue the same one, or both none")
    ordered, digest = [], ""
    while digest in following:
        ordered.append(following[digest])
        digest = ordered[-1].digest
    require(ordered and len(ordered) == len(deposits), "a deposit continues one that is not there")
    return ordered


def check_succession(deposits):
    """Holds the manifests of deposits that continue each other against each other."""
    releases, documents = [], 0
    for d in deposits:
        releases += [r["name"] for s in d.manifest["sources"] for r in s["releases"]]
        require(unique(releases) and len(releases) <= MAX_RELEASES,
                "a release's name occurs twice, or there are more than 1000")
        for key in "artifacts", "documents":
            for item in d.manifest[key]:
                require(item["release"] in releases, item["name"], "is of a release that is not there")
        documents += sum(item["size"] for item in d.manifest["documents"])
    require(documents <= MAX_DOCUMENTS, "the documents have more than 256 MiB together")
    require(len({s["name"] for d in deposits for s in d.manifest["sources"]}) <= MAX_SOURCES,
            "there are more than 64 sources")
    times = [d.manifest["sealed"] for d in deposits]
    require(times == sorted(times), "a deposit is sealed before the one that it continues")


def verify(directory, signers, at):
    """The digest of the deposit, or of the last one of several; or Refused."""
    try:
        deposits = chain(directory)
        check_signatures(deposits, signers, at)
        check_succession(deposits)
        sources = {}
        for d in deposits:
            d.check(sources)
    except OSError as e:
        raise Refused(ascii(e)) from e
    return deposits[-1].digest


def verdict(directory, signers, at):
    """The line to print, and the exit code."""
    try:
        return "ok " + verify(directory, signers, at), 0
    except Refused as e:  # names of files may hold anything
        return "refused: " + str(e).encode("unicode_escape").decode(), 1


def main():
    parser = argparse.ArgumentParser(description="Verifies a Vitrine deposit.")
    parser.add_argument("--at", type=datetime.datetime.fromisoformat, metavar="RFC3339",
                        help="the time of the verification, when it is not now")
    parser.add_argument("--serve", action="store_true", help="read the names of DIRs from standard input")
    parser.add_argument("dir", nargs="?", metavar="DIR")
    parser.add_argument("signers", metavar="ALLOWED_SIGNERS")
    args = parser.parse_args()
    at = args.at or datetime.datetime.now(datetime.timezone.utc)
    if args.serve == (args.dir is not None):
        parser.error("it takes DIR, or --serve and DIRs on standard input")
    code = 0
    for name in map(str.rstrip, sys.stdin) if args.serve else [args.dir]:
        line, code = verdict(name, args.signers, at)
        print(line, flush=True)
    return 0 if args.serve else code


if __name__ == "__main__":
    sys.exit(main())
