// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateRecord is what the private state keeps of an object. Terraform plans the
// create of a replacement (-replace) without the prior state, but passes the private
// state on, so this is all that such a plan knows of the object to be replaced. For a
// tainted object it passes on neither.
type privateRecord struct {
	ID string `json:"id"`
	// Object describes it to people.
	Object string `json:"object"`
	Policy string `json:"policy"`
	// Email and Accepted are set for users.
	Email    string `json:"email,omitempty"`
	Accepted bool   `json:"accepted,omitempty"`
	// Ending is set by the plan that destroys or replaces the object. Delete of a
	// tainted object, which no such plan precedes, does not find it.
	Ending bool `json:"ending,omitempty"`
}

const privateRecordKey = "object"

// The framework does not export the type of private state.
type (
	privateReader interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	privateWriter interface {
		SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
	}
)

// readPrivate returns the record, empty if there is none.
func readPrivate(ctx context.Context, private privateReader) (record privateRecord, diags diag.Diagnostics) {
	value, diags := private.GetKey(ctx, privateRecordKey)
	if value == nil || json.Unmarshal(value, &record) != nil {
		return privateRecord{}, diags
	}
	return record, diags
}

func (p privateRecord) write(ctx context.Context, private privateWriter) diag.Diagnostics {
	value, err := json.Marshal(p)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Unable to encode private state", err.Error())}
	}
	return private.SetKey(ctx, privateRecordKey, value)
}

// forgetPrivate empties the record of an object that is gone. Terraform keeps the private
// state for the create that follows, which replaces nothing.
func forgetPrivate(ctx context.Context, private privateWriter) diag.Diagnostics {
	return privateRecord{}.write(ctx, private)
}

// markEnding says in the plan of a destroy or of a replacement that it is one.
func markEnding(ctx context.Context, record privateRecord, private privateWriter) diag.Diagnostics {
	record.Ending = true
	return record.write(ctx, private)
}
