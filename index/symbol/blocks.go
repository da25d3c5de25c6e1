package symbol

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// searchGroups is how many groups of names, a block, are looked at before the context
// is asked.
const searchGroups = 128

// blocks cuts n groups into blocks, and says how many goroutines are to look at them.
func blocks(n int) (count, workers int) {
	count = (n + searchGroups - 1) / searchGroups
	return count, min(runtime.GOMAXPROCS(0), count)
}

// eachBlock has blocks looked at side by side, in their order. It ends with the first error
// of each worker, and gives one of them.
func eachBlock(ctx context.Context, count, workers int, look func(worker, block int) error) error {
	errs := make([]error, workers)
	var next atomic.Int64
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= count {
					return
				}
				if errs[w] = ctx.Err(); errs[w] == nil {
					errs[w] = look(w, i)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
