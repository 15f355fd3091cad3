// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"sync"
)

// account keeps the creates of one account from taking each other's objects.
// Terraform may have several clients of it in one process.
type account struct {
	mu sync.Mutex
	// turns holds a channel for each group that is being created, closed when that is
	// done.
	turns map[string]chan struct{}
	// owned holds the id of each object that a create has returned.
	owned map[string]bool
	// keyID is the API's id of the key, empty as long as no answer has shown it.
	keyID string
}

func newAccount() *account {
	return &account{turns: map[string]chan struct{}{}, owned: map[string]bool{}}
}

// accounts holds those of this process, by base URL and key.
var accounts sync.Map

func accountOf(baseURL, apiKey string) *account {
	a, _ := accounts.LoadOrStore([2]string{baseURL, apiKey}, newAccount())
	return a.(*account)
}

// takeTurn waits until no other create of the group is under way.
func (a *account) takeTurn(ctx context.Context, group string) (pass func(), err error) {
	for {
		a.mu.Lock()
		done, taken := a.turns[group]
		if !taken {
			done = make(chan struct{})
			a.turns[group] = done
		}
		a.mu.Unlock()
		if !taken {
			return func() {
				a.mu.Lock()
				defer a.mu.Unlock()
				delete(a.turns, group)
				close(done)
			}, nil
		}
		select {
		case <-done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// claim notes that an object belongs to a create, and to no other from now on.
// createdBy is the id of the key that created it, as the answer to the create shows
// it; empty if it does not, or if there was no such answer.
func (a *account) claim(id, createdBy string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.owned[id] = true
	if createdBy != "" {
		a.keyID = createdBy
	}
}

func (a *account) claimed(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.owned[id]
}

// mayBeOurs reports whether an object may have been created with this account's
// key.
func (a *account) mayBeOurs(createdBy string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return createdBy == "" || a.keyID == "" || createdBy == a.keyID
}
