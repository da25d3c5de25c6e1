package room

import (
	"context"
	"fmt"

	"vitrine/index/content"
)

// A DerivedState tells how far something is that is derived from the content store: the
// symbol index, or the survey of characters.
type DerivedState struct {
	Ready       bool
	Done, Total int64  // bytes of text
	Err         error  // why there will be none
	Notice      string // a sentence for the reviewer, when what was found was not as expected
}

// String is how far it is, for a status line.
func (st DerivedState) String() string {
	switch {
	case st.Ready:
		return "complete"
	case st.Err != nil:
		return "none"
	case st.Total == 0:
		return "not begun"
	}
	return fmt.Sprintf("%d %%", st.Done*100/st.Total)
}

// A derived is what a Source has of it; Source.mu guards both.
type derived[T part] struct {
	state DerivedState
	index T // once it is ready
}

// build has open open it, or make it, and tells progress how far it is. One is built at a
// time. What a cancelled ctx ends is no failure: another call goes on.
func (d *derived[T]) build(ctx context.Context, s *Source, progress func(DerivedState),
	open func(c *content.Store, report func(done, total int64)) (T, string, error)) error {
	s.building.Lock()
	defer s.building.Unlock()
	s.mu.Lock()
	c, ready := s.content, d.state.Ready
	s.mu.Unlock()
	if ready {
		return nil
	}
	if c == nil {
		return ErrIndexNotReady
	}
	tell := func(st DerivedState, index T) {
		s.mu.Lock()
		d.state, d.index = st, index
		s.mu.Unlock()
		progress(st)
	}
	var none T
	index, notice, err := open(c, func(done, total int64) { tell(DerivedState{Done: done, Total: total}, none) })
	switch {
	case err == nil:
		tell(DerivedState{Ready: true, Notice: notice}, index)
	case ctx.Err() == nil:
		tell(DerivedState{Err: err}, none)
	}
	return err
}
