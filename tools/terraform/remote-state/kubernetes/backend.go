// SPDX-License-Identifier: MPL-2.0

package kubernetes

import "github.com/hashicorp/terraform/internal/backend"

func New() backend.Backend { panic("built for tests, without the backend kubernetes") }
