// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

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

// refusal is the error for an object whose policy is prevent. It is due in the
// plan of a destroy, and again in Delete, which a tainted object reaches
// without such a plan.
func (p deletionPolicy) refusal(object string) diag.Diagnostic {
	var others []string
	for _, choice := range p.choices {
		if choice != policyPrevent {
			others = append(others, fmt.Sprintf("%q", choice))
		}
	}
	return diag.NewAttributeErrorDiagnostic(path.Root("deletion_policy"), p.object+" must not be destroyed",
		fmt.Sprintf("%s has deletion_policy = %q, which refuses its destruction and its replacement. "+
			"To go on, set deletion_policy to %s, apply that, and then destroy.", object, policyPrevent, strings.Join(others, " or ")))
}

// refuseReplacement stops the plan that would replace a protected object.
// Terraform plans the create of a replacement (-replace) without a prior state,
// but hands the private state along. It drops warnings of that plan, so there
// is none for the other policies.
func (p deletionPolicy) refuseReplacement(ctx context.Context, private privateReader) diag.Diagnostics {
	value, diags := private.GetKey(ctx, policyKey)
	var replaced policyRecord
	if value == nil || json.Unmarshal(value, &replaced) != nil {
		return diags
	}
	if replaced.Policy == policyPrevent {
		diags.Append(p.refusal(replaced.Object))
	}
	return diags
}

// record keeps in the private state what refuseReplacement needs.
func (p deletionPolicy) record(ctx context.Context, private privateWriter, object string, policy types.String) diag.Diagnostics {
	value, err := json.Marshal(policyRecord{Object: object, Policy: policy.ValueString()})
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to encode private state", err.Error())}
	}
	return private.SetKey(ctx, policyKey, value)
}

const policyKey = "deletion_policy"

type policyRecord struct {
	Object string `json:"object"`
	Policy string `json:"policy"`
}

// The framework does not export the type of private state.
type (
	privateReader interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	privateWriter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
)
