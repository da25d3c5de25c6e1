package deposit

import (
	"errors"
	"os"
)

// lockFolder fails: Windows has no locks on folders.
func lockFolder(*os.File, bool) error { return errors.ErrUnsupported }
