// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"
)

const mintSession = "POST /ephemeral-sessions"

var landing = answer{status: 200, body: `{"url":"https://viewer.test/ephemeral?token=k3J9x"}`}

func TestSessionsOfBothProducts(t *testing.T) {
	t.Parallel()
	axial := "Axial CT"
	for product, wish := range map[Product]NewSession{
		AutoScribe: {RetrievalID: "visit-88127"},
		Viewer: {
			RetrievalID:     "visit-88127",
			HangingProtocol: &HangingProtocol{Layout: "1x2", ViewportAssignments: []*string{&axial, nil}},
			Options:         json.RawMessage(`{"priority": 2}`),
		},
	} {
		t.Run(string(product), func(t *testing.T) {
			scripted(t, map[string][]answer{mintSession: {landing}}, func(t *testing.T, c *Client, s *script) {
				url, err := c.CreateSession(t.Context(), product, wish)
				if err != nil || url != "https://viewer.test/ephemeral?token=k3J9x" {
					t.Errorf("%s, %v", url, err)
				}
				s.expectSent("POST /" + string(product) + "/ephemeral-sessions")
				want := map[Product]string{
					AutoScribe: `{"retrievalId":"visit-88127"}`,
					Viewer:     `{"retrievalId":"visit-88127","hangingProtocol":{"layout":"1x2","viewportAssignments":["Axial CT",null]},"options":{"priority":2}}`,
				}[product]
				if s.bodies[0] != want {
					t.Errorf("body %s, want %s", s.bodies[0], want)
				}
			})
		})
	}
}

func TestASessionIsMintedAgainUntilThereIsOne(t *testing.T) {
	scripted(t, map[string][]answer{mintSession: {status(503), {err: io.EOF}, landing}}, func(t *testing.T, c *Client, s *script) {
		if _, err := c.CreateSession(t.Context(), Viewer, NewSession{RetrievalID: "visit-88127"}); err != nil {
			t.Error(err)
		}
		s.expectSent(slices.Repeat([]string{"POST /viewer/ephemeral-sessions"}, 3)...)
	})
}

func TestASessionWithoutURLIsAnError(t *testing.T) {
	scripted(t, map[string][]answer{mintSession: {{status: 200, body: `{}`}}}, func(t *testing.T, c *Client, _ *script) {
		if _, err := c.CreateSession(t.Context(), Viewer, NewSession{RetrievalID: "visit-88127"}); !errors.Is(err, errNoURL) {
			t.Error(err)
		}
	})
}
