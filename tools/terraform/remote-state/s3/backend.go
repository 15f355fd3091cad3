// SPDX-License-Identifier: MPL-2.0

package s3

import "github.com/hashicorp/terraform/internal/backend"

func New() backend.Backend { panic("built for tests, without the backend s3") }
