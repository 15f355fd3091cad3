// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// coreCommands runs the commands of a workspace in this process, with core. It understands
// resources whose arguments are literals, and the commands and flags below. It fails the
// test for everything else, which needs a Terraform.
type coreCommands struct {
	*core
	a *account
	// config is the whole configuration.
	config string
	// plans are the saved plans by file name.
	plans map[string]*corePlan
}

// corePlan is the result of a plan.
type corePlan struct {
	// refreshed is the state after the refresh.
	refreshed map[string]*object
	// steps holds the steps of each address in the order of the apply.
	steps   [][]step
	at      []string
	changes []string
	said    []*tfprotov6.Diagnostic
}

// newCoreWorkspace is newWorkspace without Terraform, about a hundred times as fast.
func newCoreWorkspace(a *account, blocks string) *workspace {
	a.t.Helper()
	w := &workspace{account: a, core: &coreCommands{core: newCore(a, a.newProvider()), a: a, plans: map[string]*corePlan{}}}
	w.write(blocks)
	return w
}

// newProvider is a provider that reaches the account over the network, or in memory.
func (a *account) newProvider() *protocol {
	a.t.Helper()
	if a.url == inMemoryURL {
		return a.inMemoryProvider()
	}
	return newProtocol(a.t)
}

// inProcess are the same people, whose workspaces need no Terraform.
func (p people) inProcess() people {
	p.workspace = newCoreWorkspace
	return p
}

// flags are the options of a command that coreCommands knows.
type flags struct {
	destroy, keepState bool
	replace, out       string
	// operands are the arguments that are not options.
	operands []string
}

func (c *coreCommands) flags(args []string) (f flags) {
	c.t.Helper()
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case !strings.HasPrefix(arg, "-"):
			f.operands = append(f.operands, arg)
		case arg == "-destroy":
			f.destroy = true
		case name == "-refresh":
			f.keepState = value == "false"
		case name == "-replace":
			f.replace = value
		case name == "-out":
			f.out = value
		case !slices.Contains([]string{"-json", "-no-color", "-input", "-auto-approve"}, name):
			c.t.Fatalf("%s needs a Terraform", arg)
		}
	}
	return f
}

// run runs one command, with a provider of its own, as Terraform does.
func (c *coreCommands) run(args []string) *run {
	c.t.Helper()
	f := c.flags(args[1:])
	var log bytes.Buffer
	c.protocol = c.a.newProvider()
	c.ProviderServer = loggingServer{c.ProviderServer, &log}
	var changes []string
	var said []*tfprotov6.Diagnostic
	shown := ""
	switch command := args[0]; command {
	case "taint", "untaint":
		c.object(f.operands[0]).tainted = command == "taint"
	case "state":
		if f.operands[0] != "rm" {
			c.t.Fatalf("%q needs a Terraform", args)
		}
		delete(c.objects, f.operands[1])
	case "show":
		shown = c.shown(c.plans[f.operands[0]])
	case "import":
		if said = c.provided(); !failed(said) {
			said = append(said, c.imports(f.operands[0], f.operands[1])...)
		}
	case "plan", "refresh":
		before := maps.Clone(c.objects)
		planned := c.planAll(f)
		c.plans[f.out] = planned
		changes, said = planned.changes, planned.said
		if command == "plan" || failed(said) {
			c.objects = before
		}
	case "apply":
		before, planned := maps.Clone(c.objects), (*corePlan)(nil)
		if len(f.operands) > 0 {
			planned = c.plans[f.operands[0]]
			c.objects, said = planned.refreshed, c.provided()
		} else {
			planned = c.planAll(f)
			changes, said = planned.changes, planned.said
		}
		if failed(said) {
			c.objects = before
			break
		}
		for i, steps := range planned.steps {
			for _, step := range steps {
				diagnostics := c.carryOut(planned.at[i], step)
				said = append(said, diagnostics...)
				if failed(diagnostics) {
					break
				}
			}
		}
	default:
		c.t.Fatalf("%q needs a Terraform", args)
	}
	r := &run{t: c.t, failed: failed(said), stdout: shown + texts(said), log: log.String() + texts(said), changes: changes}
	for _, d := range said {
		severity := strings.ToLower(d.Severity.String())
		if one := (diagnostic{Severity: severity, Summary: d.Summary, Detail: d.Detail}); !slices.Contains(r.diagnostics, one) {
			r.diagnostics = append(r.diagnostics, one)
		}
	}
	if strings.Contains(r.stdout+r.log, emulator.DefaultAPIKey) {
		c.t.Error("the key was printed")
	}
	if name := namesSomebody(log.String()); name != "" {
		c.t.Errorf("the provider logs %q: %s", name, log.String())
	}
	return r
}

// provided configures the provider as the configuration says.
func (c *coreCommands) provided() []*tfprotov6.Diagnostic {
	c.t.Helper()
	config := c.evaluate(c.schemas.Provider, c.block("provider", "avara"))
	resp, err := c.ConfigureProvider(c.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "1.12.0"})
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.Diagnostics
}

// validated checks the whole configuration before the provider is configured.
func (c *coreCommands) validated() (said []*tfprotov6.Diagnostic) {
	c.t.Helper()
	provider, err := c.ValidateProviderConfig(c.t.Context(), &tfprotov6.ValidateProviderConfigRequest{
		Config: c.evaluate(c.schemas.Provider, c.block("provider", "avara")),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	said = provider.Diagnostics
	for _, address := range c.configured() {
		said = append(said, c.unconfigurable(address)...)
		resp, err := c.ValidateResourceConfig(c.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
			TypeName: typeOf(address), Config: c.value(c.resourceType(typeOf(address)), c.arguments(address)),
		})
		if err != nil {
			c.t.Fatal(err)
		}
		said = append(said, resp.Diagnostics...)
	}
	return said
}

const unconfigurable = "Value for unconfigurable attribute"

// unconfigurable is Terraform's error for values that only the provider may set.
func (c *coreCommands) unconfigurable(address string) (said []*tfprotov6.Diagnostic) {
	c.t.Helper()
	arguments := c.arguments(address)
	for _, attribute := range c.schemas.ResourceSchemas[typeOf(address)].Block.Attributes {
		if value := arguments[attribute.Name].(tftypes.Value); !attribute.Required && !attribute.Optional && !value.IsNull() {
			said = append(said, &tfprotov6.Diagnostic{
				Severity: tfprotov6.DiagnosticSeverityError, Summary: unconfigurable, Detail: fmt.Sprintf("Can't configure a value for %q", attribute.Name),
			})
		}
	}
	return said
}

// planAll validates, refreshes and plans all objects.
func (c *coreCommands) planAll(f flags) *corePlan {
	c.t.Helper()
	planned := &corePlan{said: c.validated()}
	if failed(planned.said) {
		return planned
	}
	if planned.said = append(planned.said, c.provided()...); failed(planned.said) {
		return planned
	}
	addresses := c.configured()
	for _, address := range slices.Sorted(maps.Keys(c.objects)) {
		if !slices.Contains(addresses, address) {
			addresses = append(addresses, address)
		}
	}
	if f.destroy {
		slices.Reverse(addresses)
	}
	for _, address := range addresses {
		if !f.keepState {
			refreshed := c.refresh(address)
			if planned.said = append(planned.said, refreshed.diagnostics...); refreshed.failed() {
				continue
			}
		}
		c.replace = address == f.replace
		attributes := c.arguments(address)
		if f.destroy {
			attributes = nil
		}
		steps, out := c.steps(address, attributes)
		planned.at, planned.steps = append(planned.at, address), append(planned.steps, steps)
		planned.said = append(planned.said, out.diagnostics...)
		if len(steps) > 0 {
			planned.changes = append(planned.changes, out.action+" "+address)
		}
	}
	planned.refreshed = maps.Clone(c.objects)
	return planned
}

func (c *coreCommands) imports(address, id string) []*tfprotov6.Diagnostic {
	c.t.Helper()
	out := c.imported(address, id)
	if out.state == nil && !out.failed() {
		delete(c.objects, address)
		return append(out.diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Cannot import non-existent remote object",
		})
	}
	return out.diagnostics
}

// shown lists the planned values that are not known, in Terraform's words.
func (c *coreCommands) shown(planned *corePlan) (all string) {
	c.t.Helper()
	for i, steps := range planned.steps {
		for _, step := range steps {
			for name, value := range c.attributes(planned.at[i], step.planned.PlannedState) {
				if !value.IsFullyKnown() {
					all += name + " = (known after apply)\n"
				}
			}
		}
	}
	return all
}

// states is workspace.states.
func (c *coreCommands) states() map[string]held {
	c.t.Helper()
	all := map[string]held{}
	for address, o := range c.objects {
		if values := c.attributes(address, o.state); values != nil {
			identity := c.decode(c.identityTypes[typeOf(address)], o.identity.IdentityData)
			all[address] = held{values: goValues(c.t, values), tainted: o.tainted, identity: goValues(c.t, identity)}
		}
	}
	return all
}
