// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

func (e *Emulator) endpoints() []endpoint {
	customers := objects[Customer]{
		emulator: e, name: Object{Kind: CustomerKind},
		add: e.AddCustomer, get: e.Customer, edit: e.EditCustomer, remove: e.RemoveCustomer,
	}
	references := objects[Reference]{
		emulator: e, name: Object{Kind: ReferenceKind},
		add: e.AddReference, get: e.Reference, edit: e.EditReference, remove: e.RemoveReference,
	}
	return slices.Concat(
		[]endpoint{
			{"GET", "health", "", "whether it runs", alike(e.controlHealth)},
			{"GET", "requests", "", "the latest API requests, oldest first, 10,000 at most", alike(e.controlRequests)},
			{"DELETE", "requests", "", "forgets the requests, and their counts", alike(e.controlResetRequests)},
			{"GET", "counts", "", "how many API requests arrived, by operation", alike(e.controlCounts)},
			{"GET", "dialects", "", "the dialects in force, and all that there are", alike(e.controlDialects)},
			{"PUT", "dialects", `{"dialects":["…"]}`, "puts these dialects in force, and no others", alike(e.controlSetDialects)},
			{"GET", "faults", "", "the faults in force, and how often each happened", alike(e.controlFaults)},
			{"POST", "faults", "a fault", "adds it", alike(e.controlAddFault)},
			{"DELETE", "faults", "", "removes all faults", alike(e.controlClearFaults)},
			{"DELETE", "faults/{id}", "", "removes one", alike(e.controlRemoveFault)},
			{"GET", "state", "", "the whole account, as a data file holds it", alike(e.controlState)},
			{"PUT", "state", "a whole account", "replaces the account", alike(e.controlRestore)},
			{"GET", "sessions/{token}", "", "where the URL of an ephemeral session leads to", alike(e.controlSession)},
		},
		objectEndpoints("customers", "an Express customer", func(Product) objects[Customer] { return customers }),
		objectEndpoints("references", "a clinical reference", func(Product) objects[Reference] { return references }),
		objectEndpoints("{product}/users", "a user", e.userObjects),
		objectEndpoints("{product}/invitations", "an invitation", e.invitationObjects),
		e.invitationEndings(),
	)
}

func (e *Emulator) controlHealth(*http.Request) (any, error) {
	return map[string]string{"status": "ok"}, nil
}

// loggedRequest is the JSON form of a Request.
type loggedRequest struct {
	Time          time.Time `json:"time"`
	Method        string    `json:"method"`
	Route         string    `json:"route"`
	Path          string    `json:"path"`
	Query         string    `json:"query,omitempty"`
	Body          string    `json:"body,omitempty"`
	Status        int       `json:"status"`
	RequestID     string    `json:"requestId"`
	DurationMS    float64   `json:"durationMs"`
	Cut           bool      `json:"cut,omitempty"`
	Faulted       bool      `json:"faulted,omitempty"`
	UserAgent     string    `json:"userAgent,omitempty"`
	CorrelationID string    `json:"correlationId,omitempty"`
	Message       string    `json:"message,omitempty"`
	Answer        string    `json:"answer,omitempty"`
}

func (e *Emulator) controlRequests(*http.Request) (any, error) {
	requests := []loggedRequest{}
	for _, r := range e.Requests() {
		requests = append(requests, loggedRequest{
			Time: r.Time, Method: r.Method, Route: r.Route, Path: r.Path, Query: r.Query, Body: string(r.Body),
			Status: r.Status, RequestID: r.RequestID, DurationMS: float64(r.Duration) / float64(time.Millisecond), Cut: r.Cut,
			Faulted: r.Faulted, UserAgent: r.UserAgent, CorrelationID: r.CorrelationID, Message: r.Message, Answer: string(r.Answer),
		})
	}
	return requests, nil
}

func (e *Emulator) controlResetRequests(*http.Request) (any, error) {
	e.ResetRequests()
	return nil, nil
}

func (e *Emulator) controlCounts(*http.Request) (any, error) { return e.Counts(), nil }

// dialectList is the JSON form of the dialects in force. Known is ignored in requests.
type dialectList struct {
	Dialects []Dialect     `json:"dialects"`
	Known    []DialectInfo `json:"known,omitempty"`
}

func (e *Emulator) controlDialects(*http.Request) (any, error) {
	return dialectList{Dialects: e.Dialects(), Known: AllDialects()}, nil
}

func (e *Emulator) controlSetDialects(r *http.Request) (any, error) {
	var list dialectList
	if _, err := readJSON(r, &list); err != nil {
		return nil, err
	}
	for _, d := range list.Dialects {
		if !isDialect(d) {
			return nil, fieldProblem("dialects", "%q is not a dialect", d)
		}
	}
	e.Record(ByControl, Object{Kind: DialectsKind}, func() { e.SetDialects(list.Dialects...) })
	return e.controlDialects(r)
}

func (e *Emulator) controlFaults(*http.Request) (any, error) { return e.Faults(), nil }

func (e *Emulator) controlAddFault(r *http.Request) (any, error) {
	var f Fault
	if _, err := readJSON(r, &f); err != nil {
		return nil, err
	}
	var id int
	var err error
	e.Record(ByControl, Object{Kind: FaultsKind}, func() { id, err = e.faults.add(f) })
	if err != nil {
		return nil, newProblem(invalid, "%v", err)
	}
	return FaultStatus{ID: id, Fault: f}, nil
}

func (e *Emulator) controlClearFaults(*http.Request) (any, error) {
	e.Record(ByControl, Object{Kind: FaultsKind}, e.ClearFaults)
	return nil, nil
}

func (e *Emulator) controlRemoveFault(r *http.Request) (any, error) {
	id, err := strconv.Atoi(r.PathValue("id"))
	removed := false
	e.Record(ByControl, Object{Kind: FaultsKind}, func() { removed = err == nil && e.faults.remove(id) })
	if !removed {
		return nil, notFound("fault", r.PathValue("id"))
	}
	return nil, nil
}

func (e *Emulator) controlState(*http.Request) (any, error) { return e.State(), nil }

func (e *Emulator) controlRestore(r *http.Request) (any, error) {
	var state State
	if _, err := readJSON(r, &state); err != nil {
		return nil, err
	}
	if err := e.Restore(state); err != nil {
		return nil, newProblem(invalid, "%v", err)
	}
	return nil, nil
}

// controlSession answers requests to the landing URL of a session.
func (e *Emulator) controlSession(r *http.Request) (any, error) {
	found, ok := e.session(r.PathValue("token"))
	if !ok {
		return nil, newProblem(noRoute, "there is no such session, or it has expired")
	}
	return found, nil
}
