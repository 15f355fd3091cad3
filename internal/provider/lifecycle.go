// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// managedObject is the model of a resource, as the code sees it that all resources share.
type managedObject interface {
	// noun names the kind of object to people: "Express customer".
	noun() string
	// String describes the object to people. Of a person it gives the id alone.
	String() string
	// equality is what makes another object the same to people.
	equality() equality
	// personal are the texts that are about people.
	personal() personalTexts
	// record is what the private state keeps of the object.
	record() privateRecord
}

// refreshing is what a resource adds to the refresh of its objects.
type refreshing struct {
	timeout timeout
	// look reads the object from the API and puts it into the model. If the object does not
	// exist, it returns false, or an error that is about that.
	look func(context.Context) (found bool, err error)
	// gone, if set, returns what to say if the object does not exist. err is that of look.
	// isManaged reports whether the object was refreshed before, or moved, and so is not
	// being imported.
	gone func(err error, isManaged bool) diag.Diagnostics
}

// refresh is Read of every resource: the model holds the state.
func refresh[M any, O interface {
	*M
	managedObject
}](ctx context.Context, data providerData, state O, resp *resource.ReadResponse, r refreshing) {
	// The identity comes before the look: a removed resource needs it too.
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, state)...)
	ctx, cancel := withTimeout(ctx, r.timeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	known := *state
	found, err := r.look(ctx)
	switch {
	case avara.IsNotFound(err), err == nil && !found:
		record, diags := readPrivate(ctx, resp.Private)
		resp.Diagnostics.Append(diags...)
		if r.gone != nil {
			resp.Diagnostics.Append(r.gone(err, record.ID != "")...)
		}
		resp.Diagnostics.Append(forgetPrivate(ctx, resp.Private)...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(data.diagnostic(failure{
			summary: "Unable to read " + state.noun(), object: state.String(), err: err, people: []personalTexts{state.personal()},
			advice: cmp.Or(r.outOfTime(err), data.hidden(err)),
		}))
		return
	}
	if changed(known, *state) {
		resp.Diagnostics.Append(set(ctx, &resp.State, state)...)
	}
	data.ledger.hold(state)
	resp.Diagnostics.Append(state.record().write(ctx, resp.Private)...)
}

// outOfTime says how to give a refresh more time, if it was too short.
func (r refreshing) outOfTime(err error) string {
	isOut := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, avara.ErrRateLimited) || avara.StatusOf(err) == http.StatusTooManyRequests
	if r.timeout == nil || !isOut {
		return ""
	}
	return "The refresh ran out of time. Run Terraform again later, or raise read in timeouts: " +
		"a refresh uses the value in the state, so apply that change once with -refresh=false."
}

// hidden says what to do where the API does not let the object be read: it may be gone,
// but only a 404 counts as that.
func (d providerData) hidden(err error) string {
	var refusal *avara.Error
	if !errors.As(err, &refusal) || refusal.Status != http.StatusForbidden {
		return ""
	}
	return strings.TrimSpace(d.forbidden(refusal) + " If the object no longer exists, make Terraform forget it: terraform state rm with the address of the resource.")
}

// changed reports whether a model has to be put back into the plan or the state
// that it was taken from. Most refreshes and plans change nothing, and to put it
// there takes a tenth of their time.
func changed[M any](was, is M) bool { return !reflect.DeepEqual(was, is) }

// publication is where a create and an update leave the object.
type publication struct {
	state    *tfsdk.State
	identity *tfsdk.ResourceIdentity
	private  privateWriter
}

// publish stores state, identity and private state together. broken names the attributes
// whose value in the API differs from the planned one. The state keeps the planned value,
// because Terraform accepts no other, and the next plan shows the difference.
func publish(ctx context.Context, to publication, o managedObject, broken []string) (diags diag.Diagnostics) {
	if len(broken) > 0 {
		diags.AddWarning(capitalized(o.noun())+" differs from the plan",
			fmt.Sprintf("%s does not have the planned value of %s. The next terraform plan shows the difference: "+
				"apply it to try again, or change the configuration to what Avara holds.", o, strings.Join(broken, ", ")))
	}
	diags.Append(setIdentity(ctx, to.identity, o)...)
	diags.Append(set(ctx, to.state, o)...)
	diags.Append(o.record().write(ctx, to.private)...)
	return diags
}

// timeout is one of a resource's timeouts, given as method value: timeouts.Value.Create
// and so on; the default if nil.
type timeout func(context.Context, time.Duration) (time.Duration, diag.Diagnostics)

func withTimeout(ctx context.Context, configured timeout, diags *diag.Diagnostics) (context.Context, context.CancelFunc) {
	bound := defaultTimeout
	if configured != nil {
		var d diag.Diagnostics
		bound, d = configured(ctx, defaultTimeout)
		diags.Append(d...)
	}
	return context.WithTimeout(ctx, bound)
}
