// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// customerNames knows which names of customers are taken, for prevent_duplicate_names:
// those that the list held when this run first asked, and those of its own creates. It
// is nil without the setting.
type customerNames struct {
	// reading is a lock for reading the list, one that a context can end the wait for.
	reading chan struct{}

	mu sync.Mutex
	// holders are the customers of each name, nil before the list has been read.
	holders map[string][]nameHolder
	// planned are the names of the customers that the plan creates.
	planned map[string]bool
}

// nameHolder is a customer that has a name. One that this run creates has no id here.
type nameHolder struct {
	id     string
	active bool
}

func newCustomerNames() *customerNames {
	return &customerNames{reading: make(chan struct{}, 1), planned: map[string]bool{}}
}

// plan refuses a name that a customer has, and warns where the plan gives it to two new
// ones.
func (n *customerNames) plan(ctx context.Context, data providerData, name string) diag.Diagnostic {
	return n.free(ctx, data, name, func(key string) diag.Diagnostic {
		if n.planned[key] {
			return diag.NewAttributeWarningDiagnostic(path.Root("name"), "Two Express customers of one name",
				fmt.Sprintf("This plan creates two customers with the name %q, and prevent_duplicate_names is set: the apply will refuse the second. Give one of them another name.", name))
		}
		n.planned[key] = true
		return nil
	})
}

// claim refuses a name that a customer has. One that is free is taken from now on.
func (n *customerNames) claim(ctx context.Context, data providerData, name string) diag.Diagnostic {
	return n.free(ctx, data, name, func(key string) diag.Diagnostic {
		n.holders[key] = []nameHolder{{}}
		return nil
	})
}

// free refuses a name that a customer has. What use says of a name that is free counts
// too; it is called under the lock.
func (n *customerNames) free(ctx context.Context, data providerData, name string, use func(key string) diag.Diagnostic) diag.Diagnostic {
	if n == nil {
		return nil
	}
	if err := n.read(ctx, data.client); err != nil {
		return data.diagnostic(failure{
			summary: "Unable to look for Express customers of this name", object: describeCustomer(name, ""), err: err, timeout: "create",
		})
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	key := avara.TextKey(name)
	if holders := n.holders[key]; len(holders) > 0 {
		return nameIsTaken(name, holders)
	}
	return use(key)
}

// read reads the list, once.
func (n *customerNames) read(ctx context.Context, client *avara.Client) error {
	select {
	case n.reading <- struct{}{}:
		defer func() { <-n.reading }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if n.holders != nil {
		return nil
	}
	holders := map[string][]nameHolder{}
	_, err := client.FindExpressCustomers(ctx, func(customer *avara.ExpressCustomer) bool {
		key := avara.TextKey(customer.Name)
		holders[key] = append(holders[key], nameHolder{customer.ID, customer.Active()})
		return false
	})
	if err == nil {
		n.holders = holders
	}
	return err
}

// release gives a claimed name free, if no customer can have been made of it.
func (n *customerNames) release(name string, err error) {
	var unknown *avara.OutcomeUnknownError
	if n == nil || err == nil || errors.As(err, &unknown) {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.holders, avara.TextKey(name))
}

func nameIsTaken(name string, holders []nameHolder) diag.Diagnostic {
	first := holders[0]
	detail := fmt.Sprintf("Another resource creates an Express customer with the name %q, and prevent_duplicate_names is set. Give one of them another name.", name)
	if first.id != "" {
		detail = fmt.Sprintf("%s has this name, and prevent_duplicate_names is set in the provider block. It is %s. To manage that customer, import it:\n\n%s\n\n",
			describeCustomer(name, first.id), activity(first.active), importBlock("express_customer", first.id))
		if len(holders) > 1 {
			detail += fmt.Sprintf("%d customers have this name: the data source avara_express_customers lists them. ", len(holders))
		}
		detail += "If the configuration gives that customer another name, apply that first. For a second customer of this name, remove prevent_duplicate_names."
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("name"), "Express customer with this name exists", detail)
}
