// SPDX-License-Identifier: MPL-2.0

package avara

// Product is one of the two products that have users. The users of one have
// nothing to do with those of the other. Its value is its name in paths.
type Product string

// The products (vendor documentation).
const (
	AutoScribe Product = "autoScribe"
	Viewer     Product = "viewer"
)
