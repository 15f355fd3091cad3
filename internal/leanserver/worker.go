// SPDX-License-Identifier: MPL-2.0

package leanserver

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// callsPerWorker weighs what a worker keeps, tens of KiB a call, against the tens
// of microseconds that it takes to make another.
const callsPerWorker = 20

// worker is a provider server that makes a limited number of calls. It is garbage
// when the last of them has returned.
type worker struct {
	everything
	hired, underWay int
}

// workers are servers that are hired for a call each.
type workers struct {
	recruit func() everything

	mu         sync.Mutex
	configured *tfprotov6.ConfigureProviderRequest
	next       *worker
	underWay   map[*worker]bool
}

// configure has the workers that are made from now on configured.
func (w *workers) configure(req *tfprotov6.ConfigureProviderRequest) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.configured, w.next = req, nil
}

func (w *workers) hire(ctx context.Context) (*worker, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil || w.next.hired == callsPerWorker {
		next := &worker{everything: w.recruit()}
		if w.configured != nil {
			if _, err := next.ConfigureProvider(ctx, w.configured); err != nil {
				return nil, err
			}
		}
		w.next = next
	}
	w.next.hired++
	w.next.underWay++
	w.underWay[w.next] = true
	return w.next, nil
}

func (w *workers) release(hired *worker) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if hired.underWay--; hired.underWay == 0 {
		delete(w.underWay, hired)
	}
}

// stop cancels the calls that are under way.
func (w *workers) stop(ctx context.Context, req *tfprotov6.StopProviderRequest) (err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for hired := range w.underWay {
		_, failed := hired.StopProvider(ctx, req)
		err = errors.Join(err, failed)
	}
	return err
}
