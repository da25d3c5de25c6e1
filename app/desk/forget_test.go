package desk

import (
	"time"
	_ "unsafe" // for go:linkname

	"fyne.io/fyne/v2/driver/software"
)

// The toolkit keeps what it knows of each widget for a minute after it was last drawn, and
// looks for what is older when something is painted, at most every ten seconds.
var (
	//go:linkname keptFor fyne.io/fyne/v2/internal/cache.ValidDuration
	keptFor time.Duration
	//go:linkname lookedAt fyne.io/fyne/v2/internal/cache.lastClean
	lookedAt time.Time
)

// forget has the toolkit let go of all widgets. It would keep those of every test, and so
// every room, its texts and indexes, to the end: a gigabyte, which the collector walks
// through whenever a room frees memory behind its indexes.
func forget() {
	keptFor, lookedAt = 0, time.Time{}
	software.NewCanvas().Capture()
}
