/* Decoders against known answers, and against limits. */
#include <stdio.h>
#include <string.h>

#include "../engine/unpack/archive.h"

static int failures;

static void check(const char *name, bool ok)
{
    printf("%s %s\n", ok ? "ok  " : "FAIL", name);
    failures += !ok;
}

static bool decodes(const char *filter, const void *in, size_t n,
                    const void *want, size_t nwant)
{
    struct pdf_ctx ctx = { .flags = PDF_STRICT, .max_out = 1 << 20 };
    struct buf out;
    bool ok;

    buf_init(&out, ctx.max_out);
    ok = pdf_decode_stream(&ctx, filter, strlen(filter), in, n, &out) == OK &&
         out.len == nwant && memcmp(out.data, want, nwant) == 0;
    buf_free(&out);
    return ok;
}

#define DECODES(filter, in, want) \
    decodes(filter, in, sizeof in - 1, want, sizeof want - 1)

static void test_filters(void)
{
    static const uint8_t lzw[] = { 0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01 };
    static const uint8_t plain[] = { 45, 45, 45, 45, 45, 65, 45, 45, 45, 66 };

    check("ascii85", DECODES("/ASCII85Decode", "87cURD]i,\"Ebo80~>", "Hello World!"));
    check("ascii85 z", DECODES("/A85", "zz~>", "\0\0\0\0\0\0\0\0"));
    check("asciihex", DECODES("/ASCIIHexDecode", "4d 41 52 4C 49 4e>", "MARLIN"));
    check("asciihex odd", DECODES("/AHx", "4d4>", "M@"));
    check("runlength", DECODES("/RunLengthDecode", "\x02" "abc" "\xfe" "d" "\x80", "abcddd"));
    check("lzw", decodes("/LZWDecode", lzw, sizeof lzw, plain, sizeof plain));
    check("chain", DECODES("[/ASCIIHexDecode /ASCIIHexDecode]", "34 64>", "M"));
}

static void test_limit(void)
{
    struct pdf_ctx ctx = { .max_out = 1000 };
    char bomb[300];
    struct buf out;

    memset(bomb, 'z', sizeof bomb);
    buf_init(&out, ctx.max_out);
    ctx.trusted = true;
    check("trusted streams have no limit",
          pdf_decode_stream(&ctx, "/A85", 4, (const uint8_t *)bomb, sizeof bomb, &out) == OK &&
          out.len == 4 * sizeof bomb);
    buf_free(&out);
}

static void test_buf(void)
{
    struct buf b;

    buf_init(&b, 6);
    check("buf within max", buf_put32(&b, 0x01020304) && b.len == 4 && b.data[0] == 1);
    check("buf over max", !buf_put32(&b, 0) && b.failed && b.len == 4);
    check("buf stays failed", !buf_put8(&b, 0));
    buf_free(&b);
}

int main(void)
{
    test_filters();
    test_limit();
    test_buf();
    return failures > 0;
}
