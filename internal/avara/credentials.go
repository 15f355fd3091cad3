// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// ParseAPIKey trims the key and refuses one that can't be an Avara API key.
// Keys read sk_live_ and 32 hex characters (vendor SDKs); other forms pass, as
// the API alone knows its keys. The error never quotes the key.
func ParseAPIKey(key string) (string, error) {
	key = strings.TrimSpace(key)
	if key == "" {
		return "", errors.New("the API key is not set, or empty")
	}
	for _, r := range key {
		if r > unicode.MaxASCII || unicode.IsControl(r) || unicode.IsSpace(r) {
			return "", errors.New("the API key contains a space, a control character or a character outside ASCII: " +
				"it was probably copied with something around it")
		}
	}
	return key, nil
}

// ParseBaseURL checks an address of the API and returns it with its path escaped and
// without a slash at its end; the empty string is DefaultBaseURL. Plain http is for
// loopback addresses only, since the API key travels in a header.
func ParseBaseURL(raw string) (string, error) {
	raw = strings.TrimSpace(raw)
	if raw == "" {
		return DefaultBaseURL, nil
	}
	// net/url keeps the escapes of a path as they are if everything in it is escaped
	// that must be.
	u, err := url.Parse(unescaped.ReplaceAllStringFunc(raw, url.PathEscape))
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", errors.New("the base URL must read like " + DefaultBaseURL)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("the base URL must not contain a user name, a query or a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", fmt.Errorf("the base URL must start with https: plain http would show the API key to the network "+
			"on its way to %s (http is for loopback addresses only)", u.Hostname())
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("the base URL must start with https://")
	}
	if strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/v1") {
		return "", errors.New("the base URL must not end in /v1: that part of the path is added by the provider")
	}
	return u.Scheme + "://" + u.Host + strings.TrimRight(u.EscapedPath(), "/"), nil
}

var unescaped = regexp.MustCompile("[ \"<>\\\\^`{|}\\x{80}-\\x{10FFFF}]+")

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// ParseHeaders reads extra headers in the form of the vendor SDKs' AVARA_CUSTOM_HEADERS:
// one "Name: value" a line, split at the first colon. Other lines are left out, as are
// headers that would change how requests are sent (see [reserved]): for each of them there
// is a complaint, without its value, which may be secret.
func ParseHeaders(lines string) (headers http.Header, complaints []string) {
	headers = http.Header{}
	number := 0
	for line := range strings.Lines(lines) {
		number++
		name, value, found := strings.Cut(line, ":")
		name, value = http.CanonicalHeaderKey(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case strings.TrimSpace(line) == "":
		case !found || !headerName.MatchString(name):
			complaints = append(complaints, fmt.Sprintf("line %d is not of the form Name: value", number))
		case slices.Contains(reserved, name):
			complaints = append(complaints, fmt.Sprintf("line %d: the provider itself sets the header %s", number, name))
		case strings.ContainsFunc(value, unicode.IsControl):
			complaints = append(complaints, fmt.Sprintf("line %d: the value of the header %s has control characters", number, name))
		default:
			headers.Set(name, value)
		}
	}
	return headers, complaints
}

// headerName is the form of a name in HTTP.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// reserved headers can't be set by the user. Authorization is the key's. With one of
// the idempotency keys, Go takes a create for repeatable; with Accept-Encoding, it
// leaves the answer compressed. The others belong to the body and the connection.
var reserved = []string{
	"Authorization", "Idempotency-Key", "X-Idempotency-Key", "Accept", "Accept-Encoding", "Content-Type", "Content-Length",
	"Content-Encoding", "Transfer-Encoding", "Trailer", "Te", "Upgrade", "Connection", "Keep-Alive", "Expect", "Host",
}
