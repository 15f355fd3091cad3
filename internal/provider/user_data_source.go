// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func newAutoScribeUserDataSource() datasource.DataSource {
	facts := func(d *autoScribeUserData) *userFacts { return &d.userFacts }
	return newUserDataSource(autoScribeUser, facts, (*autoScribeUserData).show)
}

func newViewerUserDataSource() datasource.DataSource {
	facts := func(d *viewerUserData) *userFacts { return &d.userFacts }
	return newUserDataSource(viewerUser, facts, (*viewerUserData).show)
}

func newUserDataSource[D any](kind userKind, facts func(*D) *userFacts, show userShower[D]) datasource.DataSource {
	return &dataSource[D]{
		typeName: kind.typeName,
		key:      []string{"id", "email"},
		schema: func(ctx context.Context) schema.Schema {
			attributes := kind.shown(ctx)
			attributes["id"] = keyAttribute("Identifier of the user: "+userID.markdown()+". Exactly one of `id` and `email` must be set.", userID.validators()...)
			attributes["email"] = keyAttribute("Email address, compared without regard to case. If several people have it, that is an error, which lists their ids.",
				plausibleEmail)
			return schema.Schema{
				MarkdownDescription: "A person in " + kind.label + ", found by id or by email address: a user, or somebody who is invited and has not accepted yet.\n\n" +
					"By `email` a person with an open or expired invitation is found too; by `id` everybody whom the API knows.",
				Attributes: attributes,
			}
		},
		read: func(ctx context.Context, data providerData, d *D) diag.Diagnostics {
			people := userDirectory{withClient{data}, kind}
			s, diags := people.lookUp(ctx, facts(d))
			if !diags.HasError() {
				show(d, s, s.model(facts(d).Email))
			}
			return diags
		},
	}
}

// lookUp finds the person with the asked id or else the asked email address.
func (r *userDirectory) lookUp(ctx context.Context, asked *userFacts) (s *standing, diags diag.Diagnostics) {
	id := asked.ID.ValueString()
	if asked.ID.IsNull() {
		if id, diags = r.resolveEmail(ctx, asked.Email.ValueString()); diags.HasError() {
			return nil, diags
		}
	}
	s, err := r.standingOf(ctx, id, "")
	switch {
	case err != nil:
		m := userModel{userAttributes: userAttributes{userFacts: *asked}}
		m.ID = types.StringValue(id)
		diags.Append(apiDiagnostic("Unable to read "+r.object(), r.describe(&m), nameless(err, &m), nil))
	case s == nil:
		diags.AddAttributeError(path.Root("id"), r.object()+" not found",
			fmt.Sprintf("There is neither a user %s in %s nor an invitation with that user's id. "+
				"Check the id, and that the API key and base_url are those of its account.", id, r.label))
	}
	return s, diags
}
