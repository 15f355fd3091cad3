// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Sentences that say what to do, and that several resources share.

// checkAccount is for an object that is not found, or no longer.
const checkAccount = "check that the API key and base_url are those of the account to which it belongs"

// notFound is the error of a look-up that finds nothing. said is a sentence without its
// full stop, check what to check first: "the spelling".
func notFound(attribute, noun, said, check string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root(attribute), capitalized(noun)+" not found",
		fmt.Sprintf("%s. Check %s, and %s.", said, check, checkAccount))
}

// letGo is the way out where Avara refuses what a destroy needs. An API that hides an object
// fails its refresh too.
const letGo = "set deletion_policy = \"" + policyAbandon + "\", apply that, and destroy again. If that fails because the object can't be read, add -refresh=false to both commands."

// gone is the warning for an object that leaves the state. The API can't delete it, so
// the reason is probably elsewhere, and an apply would do harm.
func gone(noun, said, harm string) diag.Diagnostic {
	return diag.NewWarningDiagnostic(noun+" not found",
		fmt.Sprintf("%s, so Terraform removes it from the state. The API can't delete such an object: %s. If they are not, do not apply: that would %s.", said, checkAccount, harm))
}

// importBlock takes over an existing object.
func importBlock(typeName, id string) string {
	return fmt.Sprintf("import {\n  to = avara_%s.example\n  id = %q\n}", typeName, id)
}

// movedBlock keeps an object whose address has changed.
func movedBlock(typeName string) string {
	return fmt.Sprintf("moved {\n  from = avara_%[1]s.OLD\n  to   = avara_%[1]s.NEW\n}", typeName)
}
