// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A moved block takes over objects from generic REST providers (Terraform 1.8). Only the
// ids are taken from the state that they leave: everything else is read from the API by
// the refresh that follows.

// restResources are the types of resources that a moved block may come from, and the
// providers that have them, without the host of their registry.
var restResources = map[string]string{
	"restapi_object":   "mastercard/restapi",
	"restful_resource": "magodo/restful",
}

// restSource is what a state of one of them says of its object.
type restSource struct {
	typeName string
	// paths are those of the API, without the /v1 that may be part of the base URL.
	paths []string
	// text is all of the state, in which ids are looked for where the paths do not hold
	// them.
	text string
}

// restState has the attributes that matter, of both providers. Whether data and body are
// text or JSON depends on the provider's version.
type restState struct {
	ID       string          `json:"id"`
	Path     string          `json:"path"`
	ReadPath string          `json:"read_path"`
	ObjectID string          `json:"object_id"`
	Data     json.RawMessage `json:"data"`
	Body     json.RawMessage `json:"body"`
}

// moveFromREST is the state mover of a resource. objects matches the paths of its
// objects' collection, described for an error. take puts the ids into the state, and
// reports whether it has found them.
func moveFromREST(objects *regexp.Regexp, described string, take func(context.Context, restSource, *resource.MoveStateResponse) bool) []resource.StateMover {
	return []resource.StateMover{{
		StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			provider, known := restResources[req.SourceTypeName]
			if !known || !strings.HasSuffix(strings.ToLower(req.SourceProviderAddress), "/"+provider) || req.SourceRawState == nil {
				return // not ours
			}
			var state restState
			if err := json.Unmarshal(req.SourceRawState.JSON, &state); err != nil {
				resp.Diagnostics.AddError("Unable to move "+req.SourceTypeName, fmt.Sprintf("Its state can't be read: %s.", err))
				return
			}
			source := restSource{typeName: req.SourceTypeName, text: strings.Join([]string{state.ObjectID, string(state.Data), string(state.Body)}, " ")}
			for _, p := range []string{state.Path, state.ID, state.ReadPath} {
				source.paths = append(source.paths, "/"+strings.TrimPrefix(strings.TrimPrefix(p, "/"), "v1/"))
			}
			if !slices.ContainsFunc(source.paths, objects.MatchString) || !take(ctx, source, resp) {
				resp.Diagnostics.AddError("Unable to move "+req.SourceTypeName,
					fmt.Sprintf("The resource that is moved from has the path %q and the id %q, which is not that of %s. "+
						"Move it to the resource type of its kind of object, or import the object instead.", state.Path, state.ID, described))
			}
		},
	}}
}

// moveID takes the id of one object.
func (f idForm) moveID(ctx context.Context, source restSource, resp *resource.MoveStateResponse) bool {
	id := f.find(source)
	if id == "" {
		return false
	}
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.TargetIdentity, idIdentity{types.StringValue(id)})...)
	resp.Diagnostics.Append(privateRecord{ID: id}.write(ctx, resp.TargetPrivate)...)
	return true
}

// find returns the first id of this form in a source, or the empty string.
func (f idForm) find(source restSource) string {
	anywhere := regexp.MustCompile(`\b` + f.prefix + `[0-9a-fA-F]{32}\b`)
	for _, text := range append(slices.Clone(source.paths), source.text) {
		if id := anywhere.FindString(text); id != "" {
			return id
		}
	}
	return ""
}

var (
	customerPaths   = regexp.MustCompile(`^/express(/[^/]+)?/?$`)
	membershipPaths = regexp.MustCompile(`^/express/[^/]+/users(/[^/]+)?/?$`)
	referencePaths  = regexp.MustCompile(`^/autoScribe/clinicalReferences(/[^/]+)?/?$`)
)

func (r *expressCustomerResource) MoveState(context.Context) []resource.StateMover {
	return moveFromREST(customerPaths, "an Express customer", customerID.moveID)
}

func (r *clinicalReferenceResource) MoveState(context.Context) []resource.StateMover {
	return moveFromREST(referencePaths, "a clinical reference", referenceID.moveID)
}

func (r *userResource) MoveState(context.Context) []resource.StateMover {
	paths := regexp.MustCompile(`^/` + string(r.product) + `/users(/[^/]+)?/?$`)
	return moveFromREST(paths, "an "+r.object(), userID.moveID)
}

// MoveState takes the customer from the path, and the user from wherever the source
// names one.
func (r *expressCustomerUserResource) MoveState(context.Context) []resource.StateMover {
	return moveFromREST(membershipPaths, "a membership, with the ids of customer and user", func(ctx context.Context, source restSource, resp *resource.MoveStateResponse) bool {
		moved := expressCustomerUserModel{
			ExpressCustomerID: stringOrNull(customerID.find(source)), UserID: stringOrNull(userID.find(source)),
		}
		if moved.ExpressCustomerID.IsNull() || moved.UserID.IsNull() {
			return false
		}
		resp.Diagnostics.Append(set(ctx, &resp.TargetState, &moved)...)
		resp.Diagnostics.Append(setIdentity(ctx, resp.TargetIdentity, &moved)...)
		return true
	})
}
