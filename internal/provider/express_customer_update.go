// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// customerStep is one call of an update.
type customerStep struct {
	verb string // for "Unable to …"
	done string // for "The customer has been …"
	run  func(context.Context, *avara.Client, string) (*avara.ExpressCustomer, error)
}

var (
	reactivateCustomer = customerStep{
		verb: "reactivate", done: "reactivated",
		run: func(ctx context.Context, c *avara.Client, id string) (*avara.ExpressCustomer, error) {
			return c.ReactivateExpressCustomer(ctx, id)
		},
	}
	deactivateCustomer = customerStep{
		verb: "deactivate", done: "deactivated",
		run: func(ctx context.Context, c *avara.Client, id string) (*avara.ExpressCustomer, error) {
			return c.DeactivateExpressCustomer(ctx, id)
		},
	}
)

// toggleCustomer is the step to the wanted value of active.
func toggleCustomer(active bool) customerStep {
	if active {
		return reactivateCustomer
	}
	return deactivateCustomer
}

// stepsFrom returns the calls that lead from state to the plan, in the order
// in which no PATCH meets a customer that this same update has deactivated or
// is yet to reactivate. It is empty if the API knows nothing of what changes.
func (m *expressCustomerModel) stepsFrom(state *expressCustomerModel) []customerStep {
	var steps []customerStep
	if change := m.changeFrom(state); change != (avara.ExpressCustomerChange{}) {
		steps = append(steps, patchCustomer(change))
	}
	if !m.Active.Equal(state.Active) {
		toggle := toggleCustomer(m.Active.ValueBool())
		if m.Active.ValueBool() {
			return slices.Insert(steps, 0, toggle)
		}
		return append(steps, toggle)
	}
	return steps
}

func patchCustomer(change avara.ExpressCustomerChange) customerStep {
	step := customerStep{
		verb: "update", done: "updated",
		run: func(ctx context.Context, c *avara.Client, id string) (*avara.ExpressCustomer, error) {
			return c.UpdateExpressCustomer(ctx, id, change)
		},
	}
	if change.Metadata == nil {
		step.verb, step.done = "rename", "renamed"
	}
	return step
}

// changeFrom holds only what differs. Null and empty metadata are the same to
// the API.
func (m *expressCustomerModel) changeFrom(state *expressCustomerModel) avara.ExpressCustomerChange {
	var change avara.ExpressCustomerChange
	if !m.Name.Equal(state.Name) {
		change.Name = m.Name.ValueStringPointer()
	}
	if wanted := metadataPairs(m.Metadata); !maps.Equal(wanted, metadataPairs(state.Metadata)) {
		change.Metadata = &wanted
	}
	return change
}

// halfDone adds to an update's error what was done before it.
func halfDone(done []string, err error) error {
	if len(done) == 0 {
		return err
	}
	return fmt.Errorf("%w\n\nThe customer has been %s before that, and the state shows it; apply again for the rest", err, strings.Join(done, " and "))
}
