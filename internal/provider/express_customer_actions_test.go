// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const (
	reactivateAction = "avara_express_customer_reactivate"
	deactivateAction = "avara_express_customer_deactivate"
)

// invoke plans and invokes an action as Terraform does.
func (p *protocol) invoke(action string, config map[string]any) (progress []string, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server := p.ProviderServer.(tfprotov6.ActionServer)
	encoded := p.value(p.schemas.ActionSchemas[action].Schema.ValueType(), config)
	valid, err := server.ValidateActionConfig(p.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: encoded})
	if err != nil || failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	planned, err := server.PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: action, Config: encoded})
	if err != nil || failed(planned.Diagnostics) {
		return nil, planned.Diagnostics
	}
	stream, err := server.InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: action, Config: encoded})
	if err != nil {
		p.t.Fatal(err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = e.Diagnostics
		}
	}
	return progress, diagnostics
}

func TestActionsUnderDialects(t *testing.T) {
	t.Parallel()
	for _, dialects := range dialectSets(t) {
		t.Run(dialectNames(dialects), func(t *testing.T) {
			t.Parallel()
			tellUnder(t, actionsStory, dialects)
		})
	}
}

// actionsStory deactivates and reactivates a customer with one request each. An action on
// a customer that is in the wanted state already succeeds.
func actionsStory(s *story) {
	id := s.a.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true})
	for _, tc := range []struct {
		action, route string
		active        bool
	}{
		{deactivateAction, deactivateRoute, false},
		{deactivateAction, deactivateRoute, false},
		{reactivateAction, reactivateRoute, true},
		{reactivateAction, reactivateRoute, true},
	} {
		s.imported(address, id).expectQuiet() // reads until the last write is visible
		s.a.ResetRequests()
		progress, diagnostics := s.start().invoke(tc.action, map[string]any{"id": id})
		if len(diagnostics) > 0 || len(progress) != 2 || !strings.Contains(progress[1], "Lakeside") || !strings.Contains(progress[1], "is "+activity(tc.active)) {
			s.t.Errorf("%s: %q %s", tc.action, progress, texts(diagnostics))
		}
		if customer, _ := s.a.Customer(id); customer.IsActive != tc.active {
			s.t.Errorf("%s: %+v", tc.action, customer)
		}
		posts := 0
		for _, request := range s.a.Requests() {
			if request.Route == tc.route {
				posts++
			} else if request.Route != getRoute {
				s.t.Errorf("%s sent %s", tc.action, request.Route)
			}
		}
		if posts != 1 {
			s.t.Errorf("%s: %d requests", tc.action, posts)
		}
	}
	_, diagnostics := s.start().invoke(reactivateAction, map[string]any{"id": "cus_" + strings.Repeat("0", 32)})
	refused := &outcome{t: s.t, diagnostics: diagnostics}
	if s.under(emulator.ForeignForbidden) {
		refused.expectError("Unable to reactivate Express customer", "403")
	} else {
		refused.expectError("Express customer not found", "API key and base_url")
	}
}

func TestActionsAreChecked(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	p := configured(a)
	for name, config := range map[string]map[string]any{
		"id":      {"id": "../" + lakesideID},
		"no id":   {"id": nil},
		"timeout": {"id": lakesideID, "timeout": "0s"},
	} {
		if _, diagnostics := p.invoke(deactivateAction, config); !failed(diagnostics) {
			t.Errorf("%s was accepted", name)
		}
	}
	// An id that is unknown in the plan is not an error.
	unknown := p.value(p.schemas.ActionSchemas[deactivateAction].Schema.ValueType(), map[string]any{"id": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
	planned, err := p.ProviderServer.(tfprotov6.ActionServer).PlanAction(t.Context(), &tfprotov6.PlanActionRequest{ActionType: deactivateAction, Config: unknown})
	if err != nil || len(planned.Diagnostics) > 0 {
		t.Error(err, texts(planned.Diagnostics))
	}
	a.expectRequests(allBut())
}

// actionSchemas returns the schemas of the actions.
func (p *protocol) actionSchemas() map[string]*tfprotov6.Schema {
	schemas := map[string]*tfprotov6.Schema{}
	for name, action := range p.schemas.ActionSchemas {
		schemas[name] = action.Schema
	}
	return schemas
}

// Terraform runs the examples: from the command line, and as the trigger of another
// resource.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.AddCustomer(emulator.Customer{ID: exampleID, Name: "Lakeside", IsActive: true})
	w := newWorkspace(a, example(t, "actions", deactivateAction, "action.tf"))
	w.needs(actions)
	w.run("fmt", "-check").expectOK()
	said := w.run("apply", "-no-color", "-input=false", "-auto-approve", "-invoke=action."+deactivateAction+".lakeside").expectOK()
	if !strings.Contains(said.stdout, `Express customer "Lakeside" (`+exampleID+`) is inactive`) {
		t.Error(said.stdout)
	}
	a.expectRequests(allBut(), deactivateRoute)
	if lakeside, _ := a.Customer(exampleID); lakeside.IsActive {
		t.Error("the action did not deactivate the customer")
	}

	w = newWorkspace(a, example(t, "actions", reactivateAction, "action.tf"))
	w.needs(actions)
	w.run("fmt", "-check").expectOK()
	w.apply().expectOK().expectQuiet()
	a.expectRequests(allBut(), reactivateRoute)
	if lakeside, _ := a.Customer(exampleID); !lakeside.IsActive {
		t.Error("the trigger did not reactivate the customer")
	}
}
