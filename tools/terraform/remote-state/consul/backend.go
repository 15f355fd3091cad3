// SPDX-License-Identifier: MPL-2.0

package consul

import "github.com/hashicorp/terraform/internal/backend"

func New() backend.Backend { panic("built for tests, without the backend consul") }
