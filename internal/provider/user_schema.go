// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

func (k *userKind) schema(ctx context.Context) schema.Schema {
	attributes := k.personAttributes()
	maps.Copy(attributes, k.lifecycleAttributes(ctx))
	if k.reports() {
		maps.Copy(attributes, reportAttributes())
	}
	return schema.Schema{
		MarkdownDescription: "A person in " + k.label + ", from the invitation to the access.\n\n" +
			"Creating the resource invites the person by email. The `id` is known at once and stays the same. " +
			"When the person accepts, only `status` changes, and the next plan is empty.\n\n" +
			"If the invitation expires, is rejected or is revoked, the resource stays in the state, and each plan warns. Terraform never invites a person again by itself. " +
			"To invite the person again, raise `invitation_round`, or run `terraform apply -replace=…` with the address of the resource.\n\n" +
			"Avara can't delete people. Destroying the resource revokes the invitation, or the access if the person has accepted. " +
			"Avara does not invite a person again whose access was revoked. So a plan that would destroy and create a person who has accepted is an error. " +
			"If the address of the resource changes, use a `moved` block.\n\n" +
			"~> The API does not show whether a user still has access. So Terraform can't see that somebody revokes or restores it in the dashboard. " +
			"`active` and `status` keep the last value that Terraform has set or read.",
		Attributes: attributes,
	}
}

// personAttributes are what the person is and may do.
func (k *userKind) personAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"email": schema.StringAttribute{
			MarkdownDescription: "Email address that the invitation is sent to. Letter case does not count. " +
				"Avara can't change it, so another address replaces the resource: Avara invites the new address, and the old one loses its invitation or access.",
			Required:      true,
			PlanModifiers: []planmodifier.String{replaceWithEmail},
		},
		"first_name": requiredText("First name."),
		"last_name":  requiredText("Last name."),
		"clinic_role": requiredText("Role in the clinic. Spelling and letter case count: " + strings.Join(codes(avara.ClinicRoles), ", ") + ". " +
			"With any other role, the plan warns, and the provider sends it to Avara, since Avara may have added roles."),
		"level": schema.StringAttribute{
			MarkdownDescription: "`admin` or `member`. An admin needs `has_dashboard_access = true`. There is no default, so that admins are always explicit. " +
				"An imported person may have the level `owner`. Owners are appointed in the dashboard, and Terraform does not change their level.",
			Required: true,
		},
		"has_dashboard_access": flag("Whether the person can use the dashboard, and not only links to single studies."),
		"can_manage_studies":   flag("Whether the person can create, update and assign studies."),
		"middle_name":          optionalText("Middle name."),
		"phone_number":         optionalText("Phone number: 10 to 15 digits, without other characters."),
		"suffix1":              optionalText("Suffix to the name, as in `MD`."),
		"suffix2":              optionalText("Further suffix to the name."),
	}
}

// reportAttributes exist in AutoScribe only.
func reportAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"can_create_reports": flag("Whether the person can dictate reports. Needs `npi_number`."),
		"npi_number":         optionalText("National Provider Identifier: 10 digits."),
	}
}

// lifecycleAttributes are the status of the person and the arguments that change it.
func (k *userKind) lifecycleAttributes(ctx context.Context) map[string]schema.Attribute {
	keep := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	return map[string]schema.Attribute{
		"id": schema.StringAttribute{
			MarkdownDescription: "Identifier of the user: `usr_` followed by 32 hex characters. Given with the invitation, and kept when it is accepted.",
			Computed:            true,
			PlanModifiers:       keep,
		},
		"active": schema.BoolAttribute{
			MarkdownDescription: "Whether a person who has accepted has access. A change to `false` revokes the access, a change to `true` restores it " +
				"with the same permissions as before. Until the person has accepted, a plan that sets `false` is an error. " +
				"Defaults to `true`.",
			Optional: true,
			Computed: true,
			Default:  booldefault.StaticBool(true),
		},
		"invitation_round": schema.Float64Attribute{
			MarkdownDescription: "A whole number. If you raise it, and the invitation has expired or was rejected or revoked, Terraform replaces the resource, which invites the person again. " +
				"The plan says so. For a person who is pending or has accepted, it changes nothing. With it, a pipeline can invite again without `-replace`.",
			Optional:      true,
			Validators:    []validator.Float64{wholeNumber{0, 1_000_000}},
			PlanModifiers: []planmodifier.Float64{replacedByRound{}},
		},
		"deletion_policy": k.policy.attribute("What a destroy does: `revoke` (default: revokes the invitation, or the access if the person has accepted), " +
			"`abandon` (nothing, Terraform only forgets the person) or `prevent` (a plan that would destroy or replace it is an error)."),
		"status": schema.StringAttribute{
			MarkdownDescription: "`pending` (invited, not accepted yet), `expired`, `rejected` or `revoked` (the invitation), `active` (accepted) or `deactivated` (access was revoked).",
			Computed:            true,
		},
		"invitation_id": schema.StringAttribute{
			MarkdownDescription: "Identifier of the latest invitation: `inv_` followed by 32 hex characters; null if none is found.",
			Computed:            true,
		},
		"invitation_expires_at": schema.StringAttribute{
			MarkdownDescription: "When the invitation expires or has expired, as an RFC 3339 timestamp. Null if it was accepted, rejected or revoked, or if it never expires.",
			Computed:            true,
		},
		"created_at": schema.StringAttribute{
			MarkdownDescription: "When the user was created, as an RFC 3339 timestamp.",
			Computed:            true,
			PlanModifiers:       keep,
		},
		"timeouts": timeoutsAttribute(ctx),
	}
}

func requiredText(markdown string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: markdown, Required: true}
}

func optionalText(markdown string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: markdown, Optional: true}
}

// flag is the attribute of a permission, false by default.
func flag(markdown string) schema.Attribute {
	return schema.BoolAttribute{
		MarkdownDescription: markdown + " Defaults to `false`.",
		Optional:            true,
		Computed:            true,
		Default:             booldefault.StaticBool(false),
	}
}

// codes formats words as Markdown code.
func codes(words []string) []string {
	set := make([]string, len(words))
	for i, word := range words {
		set[i] = "`" + word + "`"
	}
	return set
}
