// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
)

// Prefixes of ids, from the vendor documentation.
const (
	customerPrefix   = "cus_"
	userPrefix       = "usr_"
	invitationPrefix = "inv_"
	referencePrefix  = "ref_"
	requestPrefix    = "req_"
)

var idDigits = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)

// newID returns the prefix with 32 random lower-case hexadecimal digits.
func newID(prefix string) string {
	return prefix + hex.EncodeToString(randomBytes())
}

// newUUID returns a random (version 4) UUID, which is the form of key and clinic ids.
func newUUID() string {
	b := randomBytes()
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func randomBytes() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never returns an error: it crashes the program instead
	return b
}

// isID reports whether text is the prefix and 32 hexadecimal digits of either case. The
// vendor SDKs imply this pattern.
func isID(prefix, text string) bool {
	return len(text) > len(prefix) && text[:len(prefix)] == prefix && idDigits.MatchString(text[len(prefix):])
}
