// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"sync"
)

// claims keeps the creates of one client from taking each other's objects.
type claims struct {
	mu sync.Mutex
	// turns holds one for each kin that is being created.
	turns map[string]*turn
	// owned holds the id of each object that a create has returned.
	owned map[string]bool
}

// turn goes to one create at a time, in the order in which they asked for it.
type turn struct {
	taken  chan struct{}
	asking int
}

func newClaims() *claims {
	return &claims{turns: map[string]*turn{}, owned: map[string]bool{}}
}

// takeTurn waits until no other create of the kin is under way.
func (c *claims) takeTurn(ctx context.Context, kin string) (pass func(), err error) {
	c.mu.Lock()
	t := c.turns[kin]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		c.turns[kin] = t
	}
	t.asking++
	c.mu.Unlock()
	select {
	case t.taken <- struct{}{}:
		return func() {
			<-t.taken
			c.forget(kin, t)
		}, nil
	case <-ctx.Done():
		c.forget(kin, t)
		return nil, ctx.Err()
	}
}

// forget drops the turn that nobody asks for any more.
func (c *claims) forget(kin string, t *turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.asking--; t.asking == 0 {
		delete(c.turns, kin)
	}
}

// claim says that an object belongs to a create, and to no other from now on.
func (c *claims) claim(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owned[id] = true
}

func (c *claims) claimed(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.owned[id]
}
