// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// correlationID is the same for all that one Terraform command asks of the API,
// and another for commands that run at the same time. Terraform starts one
// provider to plan and another one to apply, and is the parent process of both.
func correlationID() string {
	host, _ := os.Hostname() // without it, machines are told apart less well
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", host, os.Getppid()))
	return hex.EncodeToString(sum[:8])
}
