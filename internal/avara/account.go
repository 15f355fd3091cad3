// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"sync"

	"golang.org/x/sync/semaphore"
)

// account keeps the creates of one account from taking each other's objects.
// Terraform may have several clients of it in one process.
type account struct {
	// turns holds the turn of each group: see creation.
	turns sync.Map

	mu sync.Mutex
	// owned holds the id of each object that a create has returned.
	owned map[string]bool
	// keyID is the API's id of the key, empty as long as no answer has shown it.
	keyID string
}

func newAccount() *account { return &account{owned: map[string]bool{}} }

// accounts holds those of this process, by base URL and key.
var accounts sync.Map

func accountOf(baseURL, apiKey string) *account {
	a, _ := accounts.LoadOrStore([2]string{baseURL, apiKey}, newAccount())
	return a.(*account)
}

// turnOf returns the turn that all creates of a group share.
func (a *account) turnOf(group string) *semaphore.Weighted {
	turn, _ := a.turns.LoadOrStore(group, newTurn())
	return turn.(*semaphore.Weighted)
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

// mayBeOurs reports whether an object may have been created with this account's key.
func (a *account) mayBeOurs(createdBy string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return createdBy == "" || a.keyID == "" || createdBy == a.keyID
}
