// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"maps"
	"net/http"
	"strconv"
	"time"
)

// controlEndpoints lists the control endpoints by method and path below
// /_emulator/.
func (e *Emulator) controlEndpoints() map[string]controlEndpoint {
	endpoints := map[string]controlEndpoint{
		"GET health":           e.controlHealth,
		"GET requests":         e.controlRequests,
		"DELETE requests":      e.controlResetRequests,
		"GET counts":           e.controlCounts,
		"GET dialects":         e.controlDialects,
		"PUT dialects":         e.controlSetDialects,
		"GET faults":           e.controlFaults,
		"POST faults":          e.controlAddFault,
		"DELETE faults":        e.controlClearFaults,
		"DELETE faults/{id}":   e.controlRemoveFault,
		"GET state":            e.controlState,
		"PUT state":            e.controlRestore,
		"GET sessions/{token}": e.controlSession,
	}
	objectEndpoints(endpoints, "customers", objects[Customer]{
		emulator: e, name: Object{Kind: CustomerKind},
		add: e.AddCustomer, get: e.Customer, edit: e.EditCustomer, remove: e.RemoveCustomer,
	})
	objectEndpoints(endpoints, "references", objects[Reference]{
		emulator: e, name: Object{Kind: ReferenceKind},
		add: e.AddReference, get: e.Reference, edit: e.EditReference, remove: e.RemoveReference,
	})
	for _, product := range Products() {
		maps.Copy(endpoints, e.peopleEndpoints(product))
	}
	return endpoints
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

// dialectList is the JSON form of the dialects in force. Known is not read.
type dialectList struct {
	Dialects []Dialect     `json:"dialects"`
	Known    []DialectInfo `json:"known,omitempty"`
}

func (e *Emulator) controlDialects(*http.Request) (any, error) {
	return dialectList{Dialects: e.Dialects(), Known: AllDialects()}, nil
}

func (e *Emulator) controlSetDialects(r *http.Request) (any, error) {
	var list dialectList
	if err := readJSON(r, &list); err != nil {
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
	if err := readJSON(r, &f); err != nil {
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
	if err := readJSON(r, &state); err != nil {
		return nil, err
	}
	if err := e.Restore(state); err != nil {
		return nil, newProblem(invalid, "%v", err)
	}
	return nil, nil
}

// controlSession is where the URL of an ephemeral session leads to.
func (e *Emulator) controlSession(r *http.Request) (any, error) {
	found, ok := e.session(r.PathValue("token"))
	if !ok {
		return nil, newProblem(noRoute, "there is no such session, or it has expired")
	}
	return found, nil
}
