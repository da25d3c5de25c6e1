package fuzzy

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// cpu is what this process has used: the wall tells more of what else runs.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// hundredThousand are paths like a large tree's: deep folders that share their beginnings.
func hundredThousand() []string {
	words := []string{"kernel", "driver", "net", "core", "sched", "unpack", "parse", "table", "media", "index", "buffer", "queue", "crypto", "state", "render", "test"}
	names := make([]string, 100_000)
	for i := range names {
		w := func(k int) string { return words[(i/k+i%7)%len(words)] }
		names[i] = fmt.Sprintf("src/%s/%s/%s_%d/%s_%s%d.c", words[i/25_000], words[i/1500%16], words[i/100%16], i/100, w(3), w(11), i%977)
	}
	return names
}

func BenchmarkKeys(b *testing.B) {
	n := Of(hundredThousand())
	for _, typed := range []string{"srcnetparsebuffer9", "bufq77", "sched core 5"} {
		b.Run(typed, func(b *testing.B) {
			began := cpu(b)
			for range b.N {
				var before *Ranking
				for i := range typed {
					before = n.Rank(b.Context(), Parse(typed[:i+1]), 200, nil, before)
				}
			}
			b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(b.N*len(typed)), "cpu-µs/key")
		})
	}
	b.Run("first", func(b *testing.B) {
		began := cpu(b)
		for range b.N {
			n.Rank(b.Context(), Parse("s"), 200, nil, nil)
		}
		b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(b.N), "cpu-µs/key")
	})
}

func BenchmarkOf(b *testing.B) {
	names := hundredThousand()
	for b.Loop() {
		Of(names)
	}
}
