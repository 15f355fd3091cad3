// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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

// stepsFrom returns the calls that lead from state to the plan: reactivate comes before the
// PATCH, and deactivate after it, so that no PATCH goes to an inactive customer. It is empty
// if only Terraform's own arguments change, such as timeouts.
func (m *expressCustomerModel) stepsFrom(state *expressCustomerModel) []customerStep {
	var steps []customerStep
	if change := m.changeFrom(state); !change.IsEmpty() {
		patch := patchCustomer(change, m.Metadata)
		if !m.Active.ValueBool() && !state.Active.ValueBool() {
			patch = patchInactive(patch)
		}
		steps = append(steps, patch)
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

// patchInactive is patch for a customer that is inactive and stays so. Whether the API
// takes that is not documented. Where it refuses because the customer is inactive, the
// customer is active for as long as the change takes.
func patchInactive(patch customerStep) customerStep {
	step := patch
	step.run = func(ctx context.Context, p providerData, id string) (*avara.ExpressCustomer, error) {
		customer, err := patch.run(ctx, p, id)
		if !refusesInactive(err) {
			return customer, err
		}
		reached, err := p.client.ReactivateExpressCustomer(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("the change was refused because the customer is inactive, and reactivating it for the change failed: %w", err)
		}
		changed, err := patch.run(ctx, p, id)
		if changed != nil {
			reached = changed
		}
		inactive, deactivateErr := p.client.DeactivateExpressCustomer(ctx, id)
		if deactivateErr != nil {
			return reached, errors.Join(err, fmt.Errorf("the customer was reactivated for the change, and deactivating it again failed: %w", deactivateErr))
		}
		if inactive.Metadata == nil {
			inactive.Metadata = reached.Metadata
		}
		return inactive, err
	}
	return step
}

// refusesInactive reports whether the API refuses a change because the customer is
// inactive. How it says so is not documented: a conflict without a message, or words to
// that effect.
func refusesInactive(err error) bool {
	var refusal *avara.Error
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Status {
	case http.StatusConflict:
		return saysInactive(refusal) || refusal.Message == ""
	case http.StatusBadRequest, http.StatusForbidden, http.StatusUnprocessableEntity:
		return saysInactive(refusal)
	}
	return false
}

func saysInactive(refusal *avara.Error) bool {
	return slices.ContainsFunc([]string{"inactive", "not active", "deactivated", "suspended", "disabled"}, func(word string) bool {
		return strings.Contains(strings.ToLower(refusal.Message), word)
	})
}

// changeFrom holds only what differs.
func (m *expressCustomerModel) changeFrom(state *expressCustomerModel) avara.ExpressCustomerChange {
	change := avara.ExpressCustomerChange{Metadata: m.metadataModel.changeFrom(state.metadataModel)}
	if !m.Name.Equal(state.Name) {
		change.Name = m.Name.ValueStringPointer()
	}
	return change
}
