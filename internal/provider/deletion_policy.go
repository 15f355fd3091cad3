// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The deletion policies that every resource has. What destroy does otherwise
// is each resource's own: customers are deactivated, for example.
const (
	policyAbandon = "abandon"
	policyPrevent = "prevent"
)

// deletionPolicyAttribute offers the given policies, the first by default.
func deletionPolicyAttribute(markdown string, policies ...string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: markdown,
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(policies[0]),
		Validators:          []validator.String{stringvalidator.OneOf(policies...)},
	}
}

// policyOrDefault fills the policy of an object that was just imported: the
// API knows nothing of it.
func policyOrDefault(policy types.String, fallback string) types.String {
	if policy.IsNull() {
		return types.StringValue(fallback)
	}
	return policy
}
