// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// idForm is the form of one kind of Avara id. The case of the hex digits is
// kept as it is: both occur (vendor SDKs).
type idForm struct {
	prefix  string
	pattern *regexp.Regexp
}

func newIDForm(prefix string) idForm {
	return idForm{prefix: prefix, pattern: regexp.MustCompile(`\A` + prefix + `[0-9a-fA-F]{32}\z`)}
}

var customerID = newIDForm("cus_")

func (f idForm) String() string { return f.prefix + " followed by 32 hex characters" }

// markdown is String with the prefix set as code.
func (f idForm) markdown() string { return "`" + f.prefix + "` followed by 32 hex characters" }

// validators says that a text is an id of this form.
func (f idForm) validators() []validator.String {
	return []validator.String{textForm{f.pattern, "must be " + f.String()}}
}

// identitySchema is that of an object which its id alone identifies.
func (f idForm) identitySchema() identityschema.Schema {
	return identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{
				Description:       "Identifier of the object: " + f.String() + ".",
				RequiredForImport: true,
			},
		},
	}
}

type idIdentity struct {
	ID types.String `tfsdk:"id"`
}

// setIdentity publishes an object's identity. The target is nil if the caller of the
// protocol has sent no identity, as some tests do. Terraform sends one from 1.11 on, and
// rejects a read that returns no identity.
func setIdentity(ctx context.Context, target *tfsdk.ResourceIdentity, identity any) diag.Diagnostics {
	if target == nil {
		return nil
	}
	return set(ctx, target, identity)
}

// importByID takes the id from the import command or block, or from its
// identity, and refuses a malformed one before anything is sent. The error does
// not quote it: it may be a person's name or address. others names what else the
// resource takes, as in ", or an email address".
func (f idForm) importByID(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse, others string) {
	id := types.StringValue(req.ID)
	if req.ID == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &id)...)
	}
	if !f.pattern.MatchString(id.ValueString()) {
		resp.Diagnostics.AddAttributeError(path.Root("id"), "Malformed import id",
			fmt.Sprintf("The import id must be %s, as in %s9f2c4b7a10de4e63b85f0c21a7d3e964%s.", f, f.prefix, others))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(setIdentity(ctx, resp.Identity, idIdentity{id})...)
}
