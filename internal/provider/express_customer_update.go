// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// customerStep is one call of an update.
type customerStep struct {
	verb string // for "Unable to …"
	done string // for "The customer has been …"
	// writesMetadata is false for the calls that leave metadata alone.
	writesMetadata bool
	run            func(context.Context, providerData, string) (*avara.ExpressCustomer, error)
}

var (
	reactivateCustomer = customerStep{
		verb: "reactivate", done: "reactivated",
		run: func(ctx context.Context, p providerData, id string) (*avara.ExpressCustomer, error) {
			return p.client.ReactivateExpressCustomer(ctx, id)
		},
	}
	deactivateCustomer = customerStep{
		verb: "deactivate", done: "deactivated",
		run: func(ctx context.Context, p providerData, id string) (*avara.ExpressCustomer, error) {
			return p.client.DeactivateExpressCustomer(ctx, id)
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
		steps = append(steps, patchCustomer(change, m.Metadata))
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

// patchCustomer is the step that makes a change. configured is the metadata that
// the change was planned from.
func patchCustomer(change avara.ExpressCustomerChange, configured types.Map) customerStep {
	step := customerStep{
		verb: "update", done: "updated", writesMetadata: change.Metadata != nil,
		run: func(ctx context.Context, p providerData, id string) (*avara.ExpressCustomer, error) {
			metadata, err := p.metadata.latest(change.Metadata, configured, func() (map[string]string, error) {
				customer, err := p.client.GetExpressCustomer(ctx, id)
				if err != nil {
					return nil, err
				}
				return customer.Metadata, nil
			})
			if err != nil {
				return nil, err
			}
			return p.client.UpdateExpressCustomer(ctx, id, avara.ExpressCustomerChange{Name: change.Name, Metadata: metadata})
		},
	}
	if !step.writesMetadata {
		step.verb, step.done = "rename", "renamed"
	}
	return step
}

// changeFrom holds only what differs.
func (m *expressCustomerModel) changeFrom(state *expressCustomerModel) avara.ExpressCustomerChange {
	change := avara.ExpressCustomerChange{Metadata: m.metadataModel.changeFrom(state.metadataModel)}
	if !m.Name.Equal(state.Name) {
		change.Name = m.Name.ValueStringPointer()
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
