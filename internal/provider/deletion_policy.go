// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Deletion policies that mean the same for every object.
const (
	policyAbandon = "abandon"
	policyPrevent = "prevent"
)

// deletionPolicy is what destroy may do to one kind of object.
type deletionPolicy struct {
	// object names the kind to people: "Express customer".
	object string
	// choices are the policies, the default first.
	choices []string
}

func (p deletionPolicy) attribute(markdown string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: markdown,
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(p.choices[0]),
		Validators:          []validator.String{stringvalidator.OneOf(p.choices...)},
	}
}

// orDefault fills the policy of an object that was just imported: the API
// knows nothing of it.
func (p deletionPolicy) orDefault(policy types.String) types.String {
	if policy.IsNull() {
		return types.StringValue(p.choices[0])
	}
	return policy
}

// planDestroy says in the plan of a destroy what the policy makes of it, and reports
// whether it decides: prevent refuses, abandon sends nothing. kept says what remains of
// an abandoned object.
func (p deletionPolicy) planDestroy(policy, object, id, kept string) (d diag.Diagnostic, decided bool) {
	switch policy {
	case policyPrevent:
		return p.error("destroyed", fmt.Sprintf("%s has deletion_policy = %q. To destroy it all the same, set deletion_policy to %s, apply that, and then destroy.\n\n"+
			"A deposed object, which an interrupted replacement leaves behind, keeps the policy that it had. To make Terraform forget it, and nothing else, "+
			"run terraform apply once with the environment variable %s=%s.", object, policyPrevent, p.others(), envAbandon, id)), true
	case policyAbandon:
		return diag.NewWarningDiagnostic(p.object+" will be forgotten, not changed",
			fmt.Sprintf("%s has deletion_policy = %q: Terraform removes it from the state and sends nothing to Avara. %s", object, policyAbandon, kept)), true
	}
	return nil, false
}

// replaceRefusal is the error in the plan that would replace a protected object.
func (p deletionPolicy) replaceRefusal(object string) diag.Diagnostic {
	return p.error("replaced", fmt.Sprintf("%s has deletion_policy = %q, which refuses a replacement as well. To replace it all the same, "+
		"set deletion_policy to %s, apply that, and then replace.", object, policyPrevent, p.others()))
}

// taintRefusal is the error in the apply for a protected object that Terraform is about
// to replace because it is tainted. Its plan does not show that to a provider.
func (p deletionPolicy) taintRefusal(object string) diag.Diagnostic {
	return p.error("replaced", fmt.Sprintf("%s has deletion_policy = %q, and Terraform is about to replace it because it is tainted. Nothing was sent to Avara. "+
		"To keep it, run terraform untaint with the address of the resource, and apply again.", object, policyPrevent))
}

func (p deletionPolicy) error(verb, detail string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_policy"), p.object+" must not be "+verb, detail)
}

// others lists the policies that let an object go.
func (p deletionPolicy) others() string {
	var others []string
	for _, choice := range p.choices {
		if choice != policyPrevent {
			others = append(others, fmt.Sprintf("%q", choice))
		}
	}
	return strings.Join(others, " or ")
}

// policy is what destroy does to an object: what its resource says, or nothing.
func (d providerData) policy(configured types.String, id string) string {
	if d.abandons(id) {
		return policyAbandon
	}
	return configured.ValueString()
}

// abandons reports whether AVARA_ABANDON lists an object.
func (d providerData) abandons(id string) bool { return slices.Contains(d.abandoned, id) }

// parseAbandoned reads the ids in AVARA_ABANDON, between commas or blanks.
func parseAbandoned(ids string) []string {
	return strings.FieldsFunc(ids, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
}
