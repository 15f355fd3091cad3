// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// MaxSessionOptions is how many bytes the options of a session may have as JSON
// without blanks (vendor SDKs).
const MaxSessionOptions = 3072

// NewSession is what a viewing session is opened from. It needs neither a user
// nor a study in Avara.
type NewSession struct {
	// RetrievalID is the caller's own name for what is to be viewed. Avara hands
	// it to the webhook that fetches the images.
	RetrievalID     string           `json:"retrievalId"`
	HangingProtocol *HangingProtocol `json:"hangingProtocol,omitempty"`
	// Options is a JSON object that the webhook gets untouched.
	Options json.RawMessage `json:"options,omitempty"`
}

// HangingProtocol says what is shown where.
type HangingProtocol struct {
	// Layout is one of ViewerLayouts.
	Layout string `json:"layout"`
	// ViewportAssignments holds a description for each viewport, nil for one
	// that stays empty.
	ViewportAssignments []*string `json:"viewportAssignments"`
}

// ViewerLayouts are the layouts of a viewer, as rows by columns (vendor SDKs).
func ViewerLayouts() []string {
	return []string{
		"1x1", "1x2", "1x3", "1x4",
		"2x1", "2x2", "2x3", "2x4",
		"3x1", "3x2", "3x3", "3x4",
		"4x1", "4x2", "4x3", "4x4",
	}
}

// CreateSession opens a viewing session and returns its URL, which is a secret
// and valid for 30 seconds (vendor SDKs). Unused sessions end by themselves, so the
// request is retried like a GET.
func (c *Client) CreateSession(ctx context.Context, product Product, wish NewSession) (url string, err error) {
	var session struct {
		URL string `json:"url"`
	}
	op := operation{
		method: http.MethodPost, route: "/v1/" + string(product) + "/ephemeral-sessions", body: wish, inert: true,
		valid: func() error {
			if session.URL == "" {
				return errNoURL
			}
			return nil
		},
	}
	if err := c.do(ctx, op, &session); err != nil {
		return "", err
	}
	return session.URL, nil
}

var errNoURL = errors.New("the API answered with success, but not with the URL of a session")
