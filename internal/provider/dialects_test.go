// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// envDialects names the dialects, separated by commas, under which TestDialects runs
// instead of all.
const envDialects = "EMULATOR_DIALECTS"

// dialectCombinations is the number of random combinations of dialects for each story.
const dialectCombinations = 4

// stories are the lifecycles of all kinds of objects, from create to destroy. Each story
// asserts what its account's dialects lead to. Stories under one name share the code that
// they test and the dialects that concern it.
var stories = map[string][]func(*story){
	"customer":   {customerStory},
	"membership": {membershipStory},
	"reference":  {referenceStory},
	"user":       {autoScribePeople.story, viewerPeople.story},
	"sessions":   {sessionsStory},
}

// story is an account with some dialects, and the core that manages its objects.
type story struct {
	*core
	a *account
}

// The documentation leaves open which of several plausible answers the API gives. The
// provider must work with each of them, and with many in combination.
func TestDialects(t *testing.T) {
	t.Parallel()
	eachStory(t, func(t *testing.T, kinds []func(*story)) {
		for i, dialects := range dialectSets(t) {
			t.Run(dialectNames(dialects), func(t *testing.T) {
				t.Parallel()
				t.Cleanup(func() {
					if t.Failed() {
						name, _, _ := strings.Cut(strings.TrimPrefix(t.Name(), "TestDialects/"), "/")
						t.Logf("to repeat this: %s=%s go test ./internal/provider -run 'TestDialects/%s'", envDialects, dialectNames(dialects), name)
					}
				})
				tellUnder(t, kinds[i%len(kinds)], dialects)
			})
		}
	})
}

func eachStory(t *testing.T, test func(*testing.T, []func(*story))) {
	t.Helper()
	for name, kinds := range stories {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, kinds)
		})
	}
}

func tellUnder(t *testing.T, tell func(*story), dialects []emulator.Dialect, faults ...emulator.Fault) {
	t.Helper()
	inMemory(t, func(_ *testing.T, a *account) {
		for _, fault := range faults {
			a.AddFault(fault)
		}
		s := &story{core: newCore(a, a.inMemoryProvider()), a: a}
		s.start = func() *protocol { return a.configure(a.inMemoryProvider()) }
		if s.under(emulator.ReadLag) {
			s.reads = 2
		}
		tell(s)
	}, emulator.WithDialects(dialects...))
}

// dialectSets are the default answers, each dialect alone and random combinations, or the
// dialects that the environment names.
func dialectSets(t *testing.T) [][]emulator.Dialect {
	t.Helper()
	if names, ok := os.LookupEnv(envDialects); ok {
		asked, err := emulator.ParseDialects(names)
		if err != nil {
			t.Fatal(err)
		}
		return [][]emulator.Dialect{asked, asked} // twice, once for each story of a kind
	}
	sets := [][]emulator.Dialect{nil}
	var all []emulator.Dialect
	for _, info := range emulator.AllDialects() {
		all = append(all, info.Dialect)
		sets = append(sets, []emulator.Dialect{info.Dialect})
	}
	for range dialectCombinations {
		rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		// If two dialects contradict each other, the emulator keeps the later one.
		sets = append(sets, emulator.New(emulator.WithDialects(all[:3+rand.IntN(20)]...)).Dialects())
	}
	return sets
}

func dialectNames(dialects []emulator.Dialect) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(dialects), " ", ","), "[]")
}

func (s *story) under(dialect emulator.Dialect) bool { return slices.Contains(s.a.Dialects(), dialect) }

// expectSettled asserts that the next plan is empty and without diagnostics.
func (s *story) expectSettled(address string, attributes map[string]any) {
	s.t.Helper()
	s.plan(address, attributes).expectQuiet().expectAction("no-op")
}

// done returns how many requests of a route changed something since the story began.
func (s *story) done(route string) (n int) {
	for _, request := range s.a.Requests() {
		if request.Route == route && request.Status >= 200 && request.Status < 300 {
			n++
		}
	}
	return n
}

func (s *story) expectDone(route string, want int) {
	s.t.Helper()
	if got := s.done(route); got != want {
		s.t.Errorf("%d times %s, want %d", got, route, want)
	}
}

var unableToOpen = map[string]string{
	"avara_autoscribe_session": "Unable to open AutoScribe session",
	"avara_viewer_session":     "Unable to open Viewer session",
}

// sessionsStory opens a session, or expects the error that the API can't open one.
func sessionsStory(s *story) {
	for typeName, route := range sessionRoutes {
		result, resp := s.open(typeName, map[string]any{"retrieval_id": "visit-88127"})
		if s.under(emulator.SessionWebhookMissing) {
			(&outcome{t: s.t, diagnostics: resp.Diagnostics}).expectError(unableToOpen[typeName], "webhook")
			continue
		}
		if len(resp.Diagnostics) > 0 || text(result["url"]) == "" {
			s.t.Errorf("%v, %s", result, texts(resp.Diagnostics))
		}
		if s.done(route) == 0 {
			s.t.Error("no session was opened")
		}
	}
}
