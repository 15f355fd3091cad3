// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// core refreshes, plans and applies as Terraform does, but in this process, which is about
// a hundred times as fast. It checks what the newest Terraform checks: a plan keeps the
// values of the configuration, an apply keeps the values of the plan, planning twice gives
// the same plan, and an object has an identity that never changes.
type core struct {
	*protocol
	// start, if set, starts a new provider for each command, as Terraform does.
	start         func() *protocol
	objects       map[string]*object
	identityTypes map[string]tftypes.Type
	// replace plans a replacement of an object that exists, as -replace does.
	replace bool
	// reads is the number of reads per refresh. It is two where the first read after a
	// write may show the state before it.
	reads int
}

// object is what the state holds of one resource.
type object struct {
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
	tainted  bool
}

// outcome is the result of one plan or apply.
type outcome struct {
	t      *testing.T
	action string // "create", "update", "replace", "delete" or "no-op"
	// state is nil if the object is not in the state afterwards.
	state       map[string]tftypes.Value
	diagnostics []*tfprotov6.Diagnostic
}

func newCore(a *account, p *protocol) *core {
	a.t.Helper()
	c := &core{protocol: a.configure(p), objects: map[string]*object{}, identityTypes: map[string]tftypes.Type{}, reads: 1}
	identities, err := c.GetResourceIdentitySchemas(a.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		a.t.Fatal(err)
	}
	for name, schema := range identities.IdentitySchemas {
		c.identityTypes[name] = schema.ValueType()
	}
	return c
}

func (c *core) restart() {
	if c.start != nil {
		c.protocol = c.start()
	}
}

func typeOf(address string) string {
	name, _, _ := strings.Cut(address, ".")
	return name
}

func (c *core) null(address string) *tfprotov6.DynamicValue {
	return c.encode(address, tftypes.NewValue(c.resourceType(typeOf(address)), nil))
}

func (c *core) encode(address string, value tftypes.Value) *tfprotov6.DynamicValue {
	c.t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(c.resourceType(typeOf(address)), value)
	if err != nil {
		c.t.Fatal(err)
	}
	return &encoded
}

func (c *core) attributes(address string, encoded *tfprotov6.DynamicValue) map[string]tftypes.Value {
	c.t.Helper()
	return c.decode(c.resourceType(typeOf(address)), encoded)
}

// object returns the object in the state, which is empty if there is none.
func (c *core) object(address string) *object {
	if o, ok := c.objects[address]; ok {
		return o
	}
	return &object{state: c.null(address)}
}

// refresh reads an object into the state. If it reads several times the last read counts,
// and either all reads find the object or none does.
func (c *core) refresh(address string) *outcome {
	c.t.Helper()
	out := &outcome{t: c.t, action: "no-op"}
	c.restart()
	o := c.object(address)
	if out.state = c.attributes(address, o.state); out.state == nil {
		return out
	}
	var resp *tfprotov6.ReadResourceResponse
	lost := false
	for range c.reads {
		c.restart()
		var err error
		if resp, err = c.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: typeOf(address), CurrentState: o.state, CurrentIdentity: o.identity, Private: o.private,
		}); err != nil {
			c.t.Fatal(err)
		}
		out.diagnostics = resp.Diagnostics
		if exists := c.attributes(address, resp.NewState) != nil; exists && lost {
			c.t.Errorf("one read did not find %s, the next did", address)
		} else {
			lost = !exists
		}
	}
	if out.failed() {
		return out
	}
	c.checkIdentity(address, o.identity, resp.NewIdentity)
	c.keep(address, &object{state: resp.NewState, identity: resp.NewIdentity, private: resp.Private, tainted: o.tainted})
	out.state = c.attributes(address, resp.NewState)
	if out.state == nil {
		// When an object is gone, Terraform plans its create with the private state that
		// is left.
		c.objects[address] = &object{state: resp.NewState, private: resp.Private}
	}
	return out
}

func (c *core) keep(address string, o *object) {
	if c.attributes(address, o.state) == nil {
		delete(c.objects, address)
		return
	}
	c.objects[address] = o
}

// checkIdentity asserts that there is an identity, and that it equals the previous one.
func (c *core) checkIdentity(address string, before, after *tfprotov6.ResourceIdentityData) {
	c.t.Helper()
	if after == nil || after.IdentityData == nil {
		c.t.Errorf("%s has no identity", address)
		return
	}
	typ := c.identityTypes[typeOf(address)]
	now := c.decode(typ, after.IdentityData)
	if now == nil {
		c.t.Errorf("the identity of %s is null", address)
	}
	if before == nil || before.IdentityData == nil {
		return
	}
	if old := c.decode(typ, before.IdentityData); old != nil && fmt.Sprint(old) != fmt.Sprint(now) {
		c.t.Errorf("the identity of %s changed from %v to %v", address, old, now)
	}
}

// plan refreshes and plans. With nil attributes it plans a destroy.
func (c *core) plan(address string, attributes map[string]any) *outcome {
	c.t.Helper()
	return c.run(address, attributes, false)
}

func (c *core) apply(address string, attributes map[string]any) *outcome {
	c.t.Helper()
	return c.run(address, attributes, true)
}

func (c *core) destroy(address string) *outcome {
	c.t.Helper()
	return c.run(address, nil, true)
}

func (c *core) run(address string, attributes map[string]any, apply bool) *outcome {
	c.t.Helper()
	out := c.refresh(address)
	if out.failed() {
		return out
	}
	refreshed := out.diagnostics
	steps, out := c.steps(address, attributes)
	for _, step := range steps {
		if !apply || out.failed() {
			break
		}
		out.diagnostics = append(out.diagnostics, c.carryOut(address, step)...)
	}
	out.diagnostics = append(refreshed, out.diagnostics...)
	out.state = c.attributes(address, c.object(address).state)
	return out
}

// step is one planned call of ApplyResourceChange.
type step struct {
	request *tfprotov6.PlanResourceChangeRequest
	planned *tfprotov6.PlanResourceChangeResponse
}

// steps plans the change to the configuration: no step, one step, or two for a
// replacement.
func (c *core) steps(address string, attributes map[string]any) ([]step, *outcome) {
	c.t.Helper()
	out := &outcome{t: c.t, action: "no-op"}
	o := c.object(address)
	exists := c.attributes(address, o.state) != nil
	if attributes == nil {
		if !exists {
			return nil, out
		}
		out.action = "delete"
		remove := c.planStep(address, c.null(address), o, out)
		return []step{remove}, out
	}
	config := c.value(c.resourceType(typeOf(address)), attributes)
	valid, err := c.ValidateResourceConfig(c.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeOf(address), Config: config})
	if err != nil {
		c.t.Fatal(err)
	}
	if out.diagnostics = valid.Diagnostics; out.failed() {
		return nil, out
	}
	prior := o
	if o.tainted { // Terraform passes neither the object nor its private state to the provider
		prior = &object{state: c.null(address)}
	}
	change := c.planStep(address, config, prior, out)
	switch {
	case out.failed():
		return nil, out
	case !exists:
		out.action = "create"
		return []step{change}, out
	case o.tainted:
		out.action = "replace"
		return []step{c.replaced(address, o, change), change}, out
	case len(change.planned.RequiresReplace) > 0, c.replace:
		out.action = "replace"
		// Terraform keeps the private state of the first plan, but not the object and not
		// the warnings.
		said := out.diagnostics
		create := c.planStep(address, config, &object{state: c.null(address), private: change.planned.PlannedPrivate}, out)
		if out.failed() {
			return nil, out
		}
		out.diagnostics = said
		return []step{c.replaced(address, o, create), create}, out
	case fmt.Sprint(c.attributes(address, change.planned.PlannedState)) == fmt.Sprint(c.attributes(address, o.state)):
		return nil, out
	}
	out.action = "update"
	return []step{change}, out
}

// replaced is the step that destroys an object in order to replace it. Terraform does not
// plan this step by itself: it uses the private state that was planned for the create.
func (c *core) replaced(address string, o *object, create step) step {
	null := c.null(address)
	return step{
		request: &tfprotov6.PlanResourceChangeRequest{
			TypeName: typeOf(address), Config: null, ProposedNewState: null, PriorState: o.state, PriorPrivate: o.private, PriorIdentity: o.identity,
		},
		planned: &tfprotov6.PlanResourceChangeResponse{PlannedState: null, PlannedPrivate: create.planned.PlannedPrivate},
	}
}

func (c *core) planStep(address string, config *tfprotov6.DynamicValue, prior *object, out *outcome) step {
	c.t.Helper()
	s := step{request: &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeOf(address), Config: config, ProposedNewState: c.proposed(address, config, prior.state),
		PriorState: prior.state, PriorPrivate: prior.private, PriorIdentity: prior.identity,
	}}
	planned, err := c.PlanResourceChange(c.t.Context(), s.request)
	if err != nil {
		c.t.Fatal(err)
	}
	s.planned = planned
	out.diagnostics = append(out.diagnostics, planned.Diagnostics...)
	if !out.failed() {
		c.checkPlan(address, s)
	}
	return s
}

// computed lists the attributes that the provider may fill.
func (c *core) computed(address string) map[string]bool {
	computed := map[string]bool{}
	for _, attribute := range c.schemas.ResourceSchemas[typeOf(address)].Block.Attributes {
		computed[attribute.Name] = attribute.Computed
	}
	return computed
}

// proposed is the configuration, completed with the computed values of the prior state.
func (c *core) proposed(address string, config, prior *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	c.t.Helper()
	attributes := c.attributes(address, config)
	if attributes == nil {
		return config
	}
	before, computed := c.attributes(address, prior), c.computed(address)
	proposed := map[string]any{}
	for name, value := range attributes {
		proposed[name] = value
		if old, ok := before[name]; ok && computed[name] && value.IsNull() {
			proposed[name] = old
		}
	}
	return c.value(c.resourceType(typeOf(address)), proposed)
}

// checkPlan asserts what Terraform asserts of a plan: a configured value is planned as
// configured or as the prior value, and only computed attributes have values that are not
// configured.
func (c *core) checkPlan(address string, s step) {
	c.t.Helper()
	config, prior := c.attributes(address, s.request.Config), c.attributes(address, s.request.PriorState)
	computed := c.computed(address)
	for name, planned := range c.attributes(address, s.planned.PlannedState) {
		switch {
		case planned.Equal(config[name]), computed[name] && config[name].IsNull():
		case prior != nil && !prior[name].IsNull() && !config[name].IsNull() && planned.Equal(prior[name]):
		default:
			c.t.Errorf("%s.%s is configured as %s and planned as %s", address, name, config[name], planned)
		}
	}
}

// carryOut plans once more, as Terraform does unless it destroys, and applies.
func (c *core) carryOut(address string, s step) []*tfprotov6.Diagnostic {
	c.t.Helper()
	planned := c.attributes(address, s.planned.PlannedState)
	if planned != nil {
		again, err := c.PlanResourceChange(c.t.Context(), s.request)
		if err != nil {
			c.t.Fatal(err)
		}
		if final := c.attributes(address, again.PlannedState); fmt.Sprint(final) != fmt.Sprint(planned) {
			c.t.Errorf("planned %v, and in the apply %v", planned, final)
		}
	}
	resp, err := c.ApplyResourceChange(c.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: s.request.TypeName, PriorState: s.request.PriorState, Config: s.request.Config,
		PlannedState: s.planned.PlannedState, PlannedPrivate: s.planned.PlannedPrivate, PlannedIdentity: s.planned.PlannedIdentity,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	failed := (&outcome{diagnostics: resp.Diagnostics}).failed()
	c.checkApplied(address, planned, c.attributes(address, resp.NewState), failed)
	created := c.attributes(address, s.request.PriorState) == nil
	identity := resp.NewIdentity
	if planned == nil && s.planned.PlannedIdentity == nil { // no identity is planned for the destroy in a replacement
		identity = s.request.PriorIdentity
	}
	if c.attributes(address, resp.NewState) != nil {
		c.checkIdentity(address, s.request.PriorIdentity, identity)
	}
	c.keep(address, &object{state: resp.NewState, identity: identity, private: resp.Private, tainted: created && failed || planned == nil && c.object(address).tainted})
	return resp.Diagnostics
}

// checkApplied asserts what Terraform asserts of an apply: all values are known, and they
// are the planned ones unless the apply failed.
func (c *core) checkApplied(address string, planned, applied map[string]tftypes.Value, failed bool) {
	c.t.Helper()
	if !failed && (planned == nil) != (applied == nil) {
		c.t.Errorf("%s: planned %v, applied %v", address, planned, applied)
	}
	for name, value := range applied {
		switch want := planned[name]; {
		case !value.IsFullyKnown():
			c.t.Errorf("%s.%s is unknown after apply", address, name)
		case !failed && !becomes(want, value):
			c.t.Errorf("%s.%s was planned as %s and is %s", address, name, want, value)
		}
	}
}

// imported imports an object into the state by its import id.
func (c *core) imported(address, id string) *outcome {
	c.t.Helper()
	c.restart()
	resp, err := c.ImportResourceState(c.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeOf(address), ID: id})
	if err != nil {
		c.t.Fatal(err)
	}
	if len(resp.ImportedResources) == 0 {
		return &outcome{t: c.t, diagnostics: resp.Diagnostics}
	}
	one := resp.ImportedResources[0]
	c.objects[address] = &object{state: one.State, identity: one.Identity, private: one.Private}
	out := c.refresh(address)
	out.diagnostics = append(resp.Diagnostics, out.diagnostics...)
	return out
}

func (o *outcome) failed() bool {
	return slices.ContainsFunc(o.diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}

func (o *outcome) expectOK() *outcome {
	o.t.Helper()
	if o.failed() {
		o.t.Fatal(texts(o.diagnostics))
	}
	return o
}

// expectQuiet asserts that there are no diagnostics.
func (o *outcome) expectQuiet() *outcome {
	o.t.Helper()
	if len(o.diagnostics) > 0 {
		o.t.Fatal(texts(o.diagnostics))
	}
	return o
}

func (o *outcome) expectAction(want string) *outcome {
	o.t.Helper()
	if o.action != want {
		o.t.Errorf("the plan is a %s, want a %s\n%s", o.action, want, texts(o.diagnostics))
	}
	return o
}

// expect asserts that there is a diagnostic, as workspace.expect does.
func (o *outcome) expect(severity tfprotov6.DiagnosticSeverity, summary string, parts ...string) *outcome {
	o.t.Helper()
	for _, d := range o.diagnostics {
		if d.Severity != severity || d.Summary != summary {
			continue
		}
		for _, part := range parts {
			if !strings.Contains(oneLine(d.Detail), part) {
				o.t.Errorf("%q lacks %q:\n%s", summary, part, d.Detail)
			}
		}
		return o
	}
	o.t.Errorf("no diagnostic %q, but:\n%s", summary, texts(o.diagnostics))
	return o
}

func (o *outcome) expectError(summary string, parts ...string) *outcome {
	o.t.Helper()
	return o.expect(tfprotov6.DiagnosticSeverityError, summary, parts...)
}

func (o *outcome) expectWarning(summary string, parts ...string) *outcome {
	o.t.Helper()
	return o.expect(tfprotov6.DiagnosticSeverityWarning, summary, parts...)
}

// expectState asserts attributes of the state; nil stands for null.
func (o *outcome) expectState(want map[string]any) *outcome {
	o.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, ok := o.state[name]
		if wanted, isValue := want[name].(tftypes.Value); isValue {
			if !got.Equal(wanted) {
				o.t.Errorf("%s is %s, want %s", name, got, wanted)
			}
			continue
		}
		if !ok || !got.Equal(tftypes.NewValue(got.Type(), want[name])) {
			o.t.Errorf("%s is %s, want %v", name, got, want[name])
		}
	}
	return o
}

// textMap is a map of strings as Terraform encodes it.
func textMap(pairs map[string]string) tftypes.Value {
	values := map[string]tftypes.Value{}
	for key, value := range pairs {
		values[key] = tftypes.NewValue(tftypes.String, value)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, values)
}
