// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
)

// userKind holds what differs between the users of the two products.
type userKind struct {
	product avara.Product
	// label names the product to people, typeName the resource to Terraform.
	label, typeName string
	// policy: destroy revokes by default, the invitation or the access.
	policy deletionPolicy
}

var (
	autoScribeUser = newUserKind(avara.AutoScribe, "AutoScribe", "autoscribe_user")
	viewerUser     = newUserKind(avara.Viewer, "Viewer", "viewer_user")
)

const policyRevoke = "revoke"

func newUserKind(product avara.Product, label, typeName string) *userKind {
	return &userKind{
		product: product, label: label, typeName: typeName,
		policy: deletionPolicy{object: label + " user", choices: []string{policyRevoke, policyAbandon, policyPrevent}},
	}
}

// userDirectory looks up the users of one product. Resource and data sources
// share it.
type userDirectory struct {
	withProviderData
	*userKind
}

func newAutoScribeUserResource() resource.Resource {
	return &userResource{userDirectory{userKind: autoScribeUser}}
}

func newViewerUserResource() resource.Resource {
	return &userResource{userDirectory{userKind: viewerUser}}
}

// reports reports whether the product's users can create reports.
func (k *userKind) reports() bool { return k.product == avara.AutoScribe }

// object names the kind: "AutoScribe user".
func (k *userKind) object() string { return k.policy.object }

// describe names a user by the id alone. Terraform prints the address of the resource
// next to it, and writes diagnostics to its log, which must not name people.
func (k *userKind) describe(id string) string { return k.object() + " " + id }

// address stands for the address of the resource, which Terraform does not pass to a
// provider.
func (k *userKind) address() string { return "avara_" + k.typeName + ".NAME" }
