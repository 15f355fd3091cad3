// SPDX-License-Identifier: MPL-2.0

package page

import (
	"fmt"
	"strconv"
	"strings"
)

// documentation is the address of the provider's published documentation. The page links
// to it and loads nothing from there.
const documentation = "https://registry.terraform.io/providers/avara-software/avara/latest/docs/resources/"

// importBlock is an import block for an object.
type importBlock struct {
	Resource      string // type of the resource
	Documentation string
	Text          string
}

func newImport(resource, name, id string) importBlock {
	quoted := strings.ReplaceAll(strings.ReplaceAll(strconv.Quote(id), "${", "$${"), "%{", "%%{")
	return importBlock{
		Resource:      resource,
		Documentation: documentation + strings.TrimPrefix(resource, "avara_"),
		Text:          fmt.Sprintf("import {\n  to = %s.%s\n  id = %s\n}", resource, slug(name), quoted),
	}
}
