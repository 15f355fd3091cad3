// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/avara"
	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// For all provider settings, configurations and changes by others in between: the plan is
// valid, the apply does what the plan shows and leads to exactly the expected pairs with
// at most one PATCH, and the next plan is empty.
func TestMetadataConverges(t *testing.T) {
	t.Parallel()
	const lives, steps = 4, 12
	last := uint64(0)
	for _, address := range []string{address, referenceAddress} {
		for _, dialects := range [][]emulator.Dialect{
			nil,
			{emulator.MetadataNull},
			{emulator.PatchMetadataMerges, emulator.MetadataEmptyObject},
			{emulator.PatchMetadataMerges, emulator.NullsAbsent},
		} {
			for range lives {
				last++
				seed := last
				t.Run(fmt.Sprint(address, dialects, seed), func(t *testing.T) {
					t.Parallel()
					l := newMetadataLife(t, address, fewWords(), dialects, seed)
					for range steps {
						l.step()
					}
				})
			}
		}
	}
}

// metadataLife is one object, and everything that determines its metadata.
type metadataLife struct {
	*core
	*rand.Rand
	a       *account
	address string
	merges  bool
	id      string
	// fresh is true if the last plan was made after a refresh.
	fresh  bool
	config map[string]any
	words  vocabulary
	// defaults, keys and prefixes are set in the provider block, own in the resource. nil
	// stands for null.
	defaults, own  map[string]string
	keys, prefixes []string
	log            []string
}

func newMetadataLife(t *testing.T, address string, words vocabulary, dialects []emulator.Dialect, seed uint64) *metadataLife {
	t.Helper()
	a := newAccount(t, emulator.WithDialects(dialects...), emulator.WithClock(tickingClock()))
	a.rewrite(inJSON(words.stored))
	l := &metadataLife{
		core: newCore(a, newProtocol(t)), a: a, address: address, words: words,
		Rand:   rand.New(rand.NewPCG(seed, 0)),
		merges: slices.Contains(dialects, emulator.PatchMetadataMerges),
		config: map[string]any{"name": words.names[0]},
	}
	if l.isReference() {
		l.config["type"] = "facility"
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(strings.Join(l.log, "\n"))
		}
	})
	return l
}

func (l *metadataLife) isReference() bool { return l.address == referenceAddress }

// vocabulary holds the texts that one object's test uses.
type vocabulary struct {
	keys, values, names []string
	// always are pairs that a metadata map always contains, unless it is null.
	always map[string]string
	// ignored are the keys and prefixes that may be ignored.
	ignored, prefixes []string
	// stored returns the form in which the API stores a text, and outside a form in which
	// others may write it.
	stored, outside func(string) string
}

// fewWords has few texts, so that the same ones often meet.
func fewWords() vocabulary {
	same := func(text string) string { return text }
	return vocabulary{
		keys: []string{"a", "b", "x/c", "x/d"}, values: []string{"", "1", "2"}, names: []string{"North", "South"},
		ignored: []string{"a", "x/c"}, prefixes: []string{"x/", "b"}, stored: same, outside: same,
	}
}

// pairs returns random pairs, or nil for null.
func (l *metadataLife) pairs() map[string]string {
	if l.IntN(5) == 0 {
		return nil
	}
	pairs := map[string]string{}
	for range l.IntN(4) {
		pairs[l.one(l.words.keys)] = l.one(l.words.values)
	}
	return pairs
}

func (l *metadataLife) one(of []string) string { return of[l.IntN(len(of))] }

// subset returns a random subset, or nil for null.
func (l *metadataLife) subset(of ...string) (some []string) {
	for _, one := range of {
		if l.IntN(3) == 0 {
			some = append(some, one)
		}
	}
	return some
}

func (l *metadataLife) ignores(key string) bool {
	return slices.Contains(l.keys, key) || slices.ContainsFunc(l.prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// wanted returns the pairs that an apply must lead to, given the pairs that the object has
// now. A pair that others have written keeps their form.
func (l *metadataLife) wanted(held map[string]string) map[string]string {
	wanted := map[string]string{}
	for key, value := range held {
		if l.ignores(avara.Composed(key)) && !l.sets(avara.Composed(key)) {
			wanted[key] = value
		}
	}
	for _, pairs := range []map[string]string{l.defaults, l.own} {
		for key, value := range pairs {
			wanted[l.words.stored(key)] = l.words.stored(value)
		}
	}
	return wanted
}

// same reports whether the object's pairs are the wanted ones, ignoring the form of the
// text: a pair that is set to the same text in another form is not rewritten.
func (l *metadataLife) same(held, wanted map[string]string) bool {
	return len(held) == len(wanted) && maps.Equal(meaning(held), meaning(wanted))
}

func meaning(pairs map[string]string) map[string]string {
	meaning := map[string]string{}
	for key, value := range pairs {
		meaning[avara.TextKey(key)] = avara.TextKey(value)
	}
	return meaning
}

// held returns the pairs of the object in the account.
func (l *metadataLife) held() map[string]string {
	if c, ok := l.a.Customer(l.id); ok {
		return c.Metadata
	}
	r, _ := l.a.Reference(l.id)
	return r.Metadata
}

// editOutside sets, changes and removes pairs as other users do, for the keys that are
// allowed.
func (l *metadataLife) editOutside(allowed func(string) bool) {
	if l.id == "" || l.IntN(2) == 0 {
		return
	}
	pairs := maps.Clone(l.held())
	if pairs == nil {
		pairs = map[string]string{}
	}
	for range 1 + l.IntN(3) {
		key := l.one(l.words.keys)
		if !allowed(key) {
			continue
		}
		maps.DeleteFunc(pairs, func(held, _ string) bool { return avara.SameText(held, key) })
		if l.IntN(2) == 0 {
			pairs[l.words.outside(key)] = l.words.outside(l.one(l.words.values))
		}
	}
	l.note("outside: %q", pairs)
	l.a.EditCustomer(l.id, func(c *emulator.Customer) { c.Metadata = pairs })
	l.a.EditReference(l.id, func(r *emulator.Reference) { r.Metadata = pairs })
}

func (l *metadataLife) note(format string, args ...any) {
	l.log = append(l.log, fmt.Sprintf(format, args...))
}

// step makes random changes to the settings, the configuration and the account, plans,
// applies and plans again.
func (l *metadataLife) step() {
	if l.IntN(2) == 0 {
		l.defaults = l.pairs()
	}
	if l.IntN(3) == 0 {
		l.keys, l.prefixes = l.subset(l.words.ignored...), l.subset(l.words.prefixes...)
	}
	if l.IntN(2) == 0 {
		if l.own = l.pairs(); l.own != nil {
			maps.Copy(l.own, l.words.always)
		}
	}
	if l.IntN(3) == 0 {
		l.config["name"] = l.one(l.words.names)
	}
	if !l.isReference() && l.IntN(4) == 0 {
		l.config["active"] = l.IntN(2) == 0
	}
	l.note("defaults %q, ignored %q %q, metadata %q, %q", l.defaults, l.keys, l.prefixes, l.own, l.config)
	l.config["metadata"] = metadataValue(l.own)
	l.editOutside(func(string) bool { return true })

	l.configured(l.partlyUnknown(l.settings()))
	l.fresh = l.IntN(4) > 0
	if l.fresh {
		l.refresh(l.address).expectOK()
	}
	config := maps.Clone(l.config)
	config["metadata"] = l.partlyUnknownMap(metadataValue(l.own))
	steps, planned := l.steps(l.address, config)
	planned.expectOK()

	// Other users may write their keys between plan and apply.
	l.editOutside(func(key string) bool { return l.ignores(key) && !l.sets(key) })
	l.configured(l.settings())
	l.makeCertain(steps)
	l.checkEmptyPlan()
	l.checkImport()
}

// settings are the metadata settings of the provider block.
func (l *metadataLife) settings() map[string]any {
	return map[string]any{
		"default_metadata": metadataValue(l.defaults),
		"ignore_metadata":  ignoreValue(setValue(l.keys), setValue(l.prefixes)),
	}
}

// configured starts a new provider with these settings.
func (l *metadataLife) configured(settings map[string]any) {
	l.protocol = l.a.configuredWith(settings)
}

func (l *metadataLife) sets(key string) bool {
	_, isDefault := l.defaults[key]
	_, own := l.own[key]
	return isDefault || own
}

// makeCertain applies a plan and checks the requests and the resulting pairs.
func (l *metadataLife) makeCertain(steps []step) {
	before := l.held()
	l.a.ResetRequests()
	var diagnostics []*tfprotov6.Diagnostic
	for _, s := range steps {
		diagnostics = append(diagnostics, l.carryOut(l.address, l.resolved(l.address, s, l.config))...)
	}
	state := l.attributes(l.address, l.object(l.address).state)
	l.id = text(state["id"])
	counts := l.a.Counts()
	l.note("applied: %v", counts)
	patches := counts[patchRoute] + counts[patchReferenceRoute]
	looks := counts[getRoute] + counts[getReferenceRoute]
	allowed := 1
	if l.merges {
		allowed = 3
	}
	if len(diagnostics) > 0 && (l.fresh || failed(diagnostics)) {
		l.t.Fatal(texts(diagnostics))
	}
	if patches > allowed || looks > min(patches, 1) || looks > 0 && len(l.keys)+len(l.prefixes) == 0 {
		l.t.Fatal(counts)
	}
	for key, value := range before {
		if l.ignores(avara.Composed(key)) && !l.sets(avara.Composed(key)) && l.held()[key] != value {
			l.t.Fatalf("pairs of others were lost: %q, before: %q", l.held(), before)
		}
	}
	if l.patchedMetadata() && !l.same(l.held(), l.wanted(before)) {
		l.t.Fatalf("applied: %q, wanted %q", l.held(), l.wanted(before))
	}
}

func (l *metadataLife) patchedMetadata() bool {
	bodies := append(l.a.bodiesOf(patchRoute), l.a.bodiesOf(patchReferenceRoute)...)
	return slices.ContainsFunc(bodies, func(body string) bool { return strings.Contains(body, `"metadata"`) })
}

// checkEmptyPlan refreshes, plans, and asserts that the plan is empty and the pairs are
// the wanted ones. A plan without a refresh may have missed changes by others. Then a
// second apply must make them right.
func (l *metadataLife) checkEmptyPlan() {
	l.refresh(l.address).expectQuiet()
	if !l.same(l.held(), l.wanted(l.held())) && !l.fresh {
		l.fresh = true
		steps, planned := l.steps(l.address, l.config)
		planned.expectOK()
		l.makeCertain(steps)
		l.refresh(l.address).expectQuiet()
	}
	if steps, again := l.steps(l.address, l.config); again.expectOK().action != "no-op" {
		l.t.Fatalf("not empty: %s of %s", again.action, steps[0].planned.PlannedState)
	}
	held := l.held()
	if !l.same(held, l.wanted(held)) {
		l.t.Fatalf("held: %q, wanted %q", held, l.wanted(held))
	}
	state := l.attributes(l.address, l.object(l.address).state)
	if !state["metadata"].Equal(metadataValue(l.own)) || !l.same(pairsOf(state["effective_metadata"]), held) || text(state["name"]) != l.config["name"] {
		l.t.Fatalf("state: %s, %s, %s", state["name"], state["metadata"], state["effective_metadata"])
	}
}

// checkImport imports the object under a second address, with the configuration that
// Terraform would generate. The plan is empty, as the object has all defaults.
func (l *metadataLife) checkImport() {
	const beside = ".beside"
	address := typeOf(l.address) + beside
	state := l.imported(address, l.id).expectOK().state
	config := maps.Clone(l.config)
	config["name"], config["metadata"], config["active"] = state["name"], state["metadata"], state["active"]
	if l.isReference() {
		delete(config, "active")
	}
	l.plan(address, config).expectOK().expectAction("no-op")
	delete(l.objects, address)
}

// partlyUnknown sometimes makes some of the provider settings unknown.
func (l *metadataLife) partlyUnknown(settings map[string]any) map[string]any {
	partly := maps.Clone(settings)
	partly["default_metadata"] = l.partlyUnknownMap(settings["default_metadata"].(tftypes.Value))
	if l.IntN(8) == 0 {
		partly["ignore_metadata"] = ignoreValue(
			[]any{setValue(l.keys), setValue([]string{unknownName}), tftypes.NewValue(setType, tftypes.UnknownValue)}[l.IntN(3)].(tftypes.Value),
			setValue(l.prefixes))
	}
	return partly
}

// partlyUnknownMap sometimes makes a map or one of its elements unknown.
func (l *metadataLife) partlyUnknownMap(known tftypes.Value) tftypes.Value {
	var elements map[string]tftypes.Value
	if known.As(&elements) != nil || l.IntN(4) > 0 {
		return known
	}
	if len(elements) == 0 || l.IntN(2) == 0 {
		return tftypes.NewValue(mapType, tftypes.UnknownValue)
	}
	elements = maps.Clone(elements)
	keys := slices.Sorted(maps.Keys(elements))
	elements[keys[l.IntN(len(keys))]] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	return tftypes.NewValue(mapType, elements)
}
