// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// externalPrefix marks an import id that is the integrator's own.
const externalPrefix = "external:"

// ImportState takes a reference's id, an identity that holds it, or its external
// id.
func (r *clinicalReferenceResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if external, ok := strings.CutPrefix(req.ID, externalPrefix); ok && notBlank.pattern.MatchString(external) {
		id, d := r.resolveExternal(ctx, external)
		if d != nil {
			resp.Diagnostics.Append(d)
			return
		}
		req.ID = id
	}
	referenceID.importByID(ctx, req, resp, fmt.Sprintf(", or %s and an external id, as in %sLNC-04", externalPrefix, externalPrefix))
}

// resolveExternal returns the id of the reference with an external id.
func (r *clinicalReferenceResource) resolveExternal(ctx context.Context, external string) (id string, d diag.Diagnostic) {
	const summary = "Unable to import clinical reference"
	ctx, cancel := context.WithTimeout(ctx, defaultTimeout)
	defer cancel()
	reference, err := r.client.GetClinicalReferenceByExternalID(ctx, external)
	switch {
	case isGone(reference, err):
		return "", notFound("id", "clinical reference", fmt.Sprintf("There is no clinical reference with the external id %q. Deleted ones can't be imported", external), "the spelling")
	case err != nil:
		return "", r.diagnostic(failure{summary: summary, err: err})
	}
	return reference.ID, nil
}

// isGone reports whether a read has found nothing, or only what a delete leaves.
func isGone(reference *avara.ClinicalReference, err error) bool {
	return avara.IsNotFound(err) || err == nil && !reference.Active
}
