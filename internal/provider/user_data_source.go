// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

func newAutoScribeUserDataSource() datasource.DataSource { return newUserDataSource(autoScribeUser) }

func newViewerUserDataSource() datasource.DataSource { return newUserDataSource(viewerUser) }

func newUserDataSource(kind *userKind) datasource.DataSource {
	return &dataSource[userData]{
		typeName: kind.typeName,
		key:      []string{"id", "email"},
		schema: func(ctx context.Context) schema.Schema {
			attributes := kind.shown(ctx)
			attributes["id"] = keyAttribute("Identifier of the user: "+userID.markdown()+". Exactly one of `id` and `email` must be set.", userID.validators()...)
			attributes["email"] = keyAttribute("Email address, compared without regard to case. If several people have it, that is an error, which lists their ids.",
				anyAddress)
			return schema.Schema{
				MarkdownDescription: "A person in " + kind.label + ", found by id or by email address: a user, or a person who is invited and has not accepted yet.\n\n" +
					"A look-up by `email` finds users, and people whose invitation is open or has expired. A look-up by `id` also finds people whose invitation was rejected or revoked.",
				Attributes: attributes,
			}
		},
		read: func(ctx context.Context, data providerData, d *userData) diag.Diagnostics {
			people := userDirectory{withProviderData{data}, kind}
			s, diags := people.lookUp(ctx, &d.userAttributes)
			if !diags.HasError() {
				d.show(s)
			}
			return diags
		},
	}
}

// lookUp finds the person with the asked id or else the asked email address.
func (r *userDirectory) lookUp(ctx context.Context, asked *userAttributes) (s *standing, diags diag.Diagnostics) {
	id := asked.ID.ValueString()
	if asked.ID.IsNull() {
		if id, diags = r.resolveEmail(ctx, asked.Email.ValueString()); diags.HasError() {
			return nil, diags
		}
	}
	s, err := r.standingOf(ctx, id, "")
	switch {
	case err != nil:
		diags.Append(r.diagnostic(failure{
			summary: "Unable to read " + r.object(), object: r.describe(id), err: err, people: []personalTexts{{"email": &asked.Email}},
		}))
	case s == nil:
		diags.Append(notFound("id", r.object(), fmt.Sprintf("There is neither a user %s in %s nor an invitation with that user's id", id, r.label), "the id"))
	}
	return s, diags
}
