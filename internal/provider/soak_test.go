// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The settings of the soak test. `make soak` sets them. The defaults make it short.
const (
	envSoakSeed    = "SOAK_SEED"    // seed of the random numbers
	envSoakObjects = "SOAK_OBJECTS" // how many objects are declared
	envSoakRounds  = "SOAK_ROUNDS"  // how often the configuration changes
)

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text, ok := os.LookupEnv(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// soak is a configuration, an account and what the test knows about both.
type soak struct {
	*workspace
	*declared
	random   *rand.Rand
	provider *tracedProvider
	requests *anyRequest
	others   map[string]emulator.Customer // customers of somebody else, which must not change
	spared   map[string]bool              // the ids of those customers
	managed  map[string]bool              // ids that were in the state after a calm
	orphans  map[string]bool              // customers whose creator was killed
	imports  string
	ahead    atomic.Int64 // how far the API's clock is ahead, as a time.Duration
}

// When the faults are over, each declared object exists exactly once and as declared, no
// other object has changed, and nobody was invited twice. Only a customer whose provider
// was killed during the create may be left behind.
func TestAccSoak(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("kills the provider by a signal, which Windows does not have")
	}
	needsTerraform(t)
	seed := setting(t, envSoakSeed, 1)
	objects, rounds := setting(t, envSoakObjects, 40), setting(t, envSoakRounds, 2)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("to repeat this: make soak %s=%d %s=%d %s=%d", envSoakSeed, seed, envSoakObjects, objects, envSoakRounds, rounds)
		}
	})
	s := newSoak(t, uint64(seed))
	for round := range rounds {
		s.change(objects)
		for range 2 {
			s.chaos()
		}
		s.calm(round)
		s.verify()
		if t.Failed() {
			return
		}
	}
}

func newSoak(t *testing.T, seed uint64) *soak {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 0))
	s := &soak{
		declared: &declared{random: random}, random: random,
		others: map[string]emulator.Customer{}, spared: map[string]bool{}, managed: map[string]bool{}, orphans: map[string]bool{},
	}
	e := emulator.New(emulator.WithClock(s.now))
	s.requests = &anyRequest{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.now().UTC().Format(http.TimeFormat))
		e.ServeHTTP(w, r)
	})}
	server := httptest.NewServer(s.requests)
	t.Cleanup(server.Close)
	s.workspace = newWorkspace(&account{Emulator: e, t: t, url: server.URL}, "")
	s.provider = newTracedProvider(s.workspace)
	for _, other := range []emulator.Customer{{CreatedByUserID: inesID}, {CreatedByAPIKeyID: s.State().APIKeyID}} {
		other.Name, other.IsActive = "Twin", true
		id := s.AddCustomer(other)
		s.others[id], _ = s.Customer(id)
		s.spared[id] = true
	}
	s.ahead.Store(int64(time.Hour)) // the others' customers are an hour old
	return s
}

// now is the time by the API's clock.
func (s *soak) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// chaos applies once under faults and disturbances. Then a few seconds pass on the API's
// clock: as the guide says, an object that another run created less than two seconds ago
// can be mistaken for an equal one.
func (s *soak) chaos() {
	s.t.Helper()
	randomFaults(s.random, s.account)
	how := []interruption{none, ctrlC, kill9}[s.random.IntN(3)]
	// Requests arrive concurrently, so the disturbances have a random source of their own.
	outside := &disturbances{a: s.account, spared: s.spared, random: rand.New(rand.NewPCG(s.random.Uint64(), 0))}
	before := s.customerIDs()
	s.write(s.blocks() + s.imports)
	at := 1 + s.random.Int64N(int64(len(s.all)*2))
	r := s.cutShort(how, at, outside.maybe)
	s.ahead.Add(int64(5 * time.Second))
	s.ClearFaults()
	s.SetDialects()
	if how == kill9 {
		s.findOrphans(before)
	}
	s.help(r)
	s.t.Logf("%s at request %d; %d diagnostics; to be imported %d; left behind %d",
		how, at, len(r.diagnostics), strings.Count(s.imports, "import {"), len(s.orphans))
	for _, d := range r.diagnostics {
		s.t.Logf("%s at %s: %s: %s", d.Severity, d.Address, d.Summary, oneLine(d.Detail))
	}
}

func (s *soak) customerIDs() map[string]bool {
	ids := map[string]bool{}
	for _, c := range s.Customers() {
		ids[c.ID] = true
	}
	return ids
}

// parallelism is the number of objects that Terraform works on at once.
const parallelism = 10

// findOrphans records the customers whose provider was killed before it stored their ids.
// The API gives no way to recognize them later.
func (s *soak) findOrphans(before map[string]bool) {
	s.t.Helper()
	inState := map[string]bool{}
	for _, resource := range s.states() {
		inState[fmt.Sprint(resource.values["id"])] = true
	}
	found := 0
	for id := range s.customerIDs() {
		if !before[id] && !inState[id] {
			s.orphans[id] = true
			found++
		}
	}
	if found > parallelism {
		s.t.Errorf("%d customers were left behind by one kill", found)
	}
}

// help follows the advice of errors to import an existing object.
func (s *soak) help(r *run) {
	for _, d := range r.diagnostics {
		if d.Severity != "error" || !strings.Contains(d.Detail, "import {") {
			continue
		}
		for _, declaration := range s.all {
			if declaration.address() != d.Address || strings.Contains(s.imports, declaration.address()+"\n") {
				continue
			}
			if id := s.importID(declaration); id != "" {
				s.imports += fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", declaration.address(), id)
			}
		}
	}
}

// importID is the import id that a user would know: the email address of a user, or the id
// of a reference from the dashboard.
func (s *soak) importID(d *declaration) string {
	switch d.kind {
	case autoScribeKind, viewerKind:
		return strings.Trim(d.arguments["email"], `"`)
	case referenceKind:
		for _, r := range s.References() {
			if r.IsActive && fmt.Sprintf("%q", r.Name) == d.arguments["name"] {
				return r.ID
			}
		}
	}
	return ""
}

// calm applies until the plan is empty, which must take at most five applies.
func (s *soak) calm(round int) {
	s.t.Helper()
	var r *run
	for range 5 {
		s.write(s.blocks() + s.imports)
		r = s.apply()
		s.help(r)
		if !r.failed && len(r.changes) == 0 {
			s.imports = ""
			s.write(s.blocks())
			s.plan().expectOK().expectChanges()
			return
		}
	}
	s.t.Fatalf("round %d: not quiet after five applies:\n%s", round, r.stdout)
}

// verify compares the declarations with the state and the account.
func (s *soak) verify() {
	s.t.Helper()
	states := s.states()
	if len(states) != len(s.all) {
		s.t.Errorf("%d objects in the state, %d declared", len(states), len(s.all))
	}
	now := map[string]bool{}
	for _, d := range s.all {
		values := states[d.address()].values
		if values == nil {
			s.t.Errorf("%s is not in the state", d.address())
			continue
		}
		if d.kind != membershipType {
			id := fmt.Sprint(values["id"])
			if now[id] {
				s.t.Errorf("%s has the id of another object, %s", d.address(), id)
			}
			now[id], s.managed[id] = true, true
		}
		s.verifyObject(d, values)
	}
	s.verifyNothingElse(now)
}

func (s *soak) verifyObject(d *declaration, values map[string]any) {
	s.t.Helper()
	expect := func(what string, got, want any) {
		s.t.Helper()
		if !reflect.DeepEqual(got, want) {
			s.t.Errorf("%s: the %s is %v in Avara and %v in the state", d.address(), what, got, want)
		}
	}
	id := fmt.Sprint(values["id"])
	switch d.kind {
	case customerKind:
		c, _ := s.Customer(id)
		expect("name", c.Name, values["name"])
		expect("activity", c.IsActive, values["active"])
		expect("metadata", fmt.Sprint(c.Metadata), fmt.Sprint(values["effective_metadata"]))
	case referenceKind:
		r, _ := s.Reference(id)
		expect("name", r.Name, values["name"])
		expect("activity", r.IsActive, true)
	case autoScribeKind, viewerKind:
		user, _ := s.User(productOf(d), id)
		expect("last name", user.LastName, values["last_name"])
		expect("access", user.Revoked, false)
	case membershipType:
		s.expectMember(fmt.Sprint(values["express_customer_id"]), fmt.Sprint(values["user_id"]))
	}
}

func productOf(d *declaration) emulator.Product {
	if d.kind == viewerKind {
		return emulator.Viewer
	}
	return emulator.AutoScribe
}

func (s *soak) expectMember(customer, user string) {
	s.t.Helper()
	c, _ := s.Customer(customer)
	if !strings.Contains(strings.Join(c.Members, " "), user) {
		s.t.Errorf("%s is not a member of %s", user, customer)
	}
}

// verifyNothingElse asserts that each object in the account is declared, was declared
// earlier and is inactive now, belongs to others and has not changed, or is a known
// orphan.
func (s *soak) verifyNothingElse(now map[string]bool) {
	s.t.Helper()
	for _, c := range s.Customers() {
		other, isOther := s.others[c.ID]
		switch {
		case now[c.ID], s.orphans[c.ID], s.managed[c.ID] && !c.IsActive:
		case isOther:
			if !reflect.DeepEqual(c, other) {
				s.t.Errorf("a customer of somebody else was %+v and is %+v", other, c)
			}
		default:
			s.t.Errorf("not declared: %+v", c)
		}
	}
	for _, r := range s.References() {
		if r.IsActive && !now[r.ID] {
			s.t.Errorf("not declared: %+v", r)
		}
	}
	for _, product := range emulator.Products() {
		mails := map[string]int{}
		for _, i := range s.Invitations(product) {
			if mails[i.Email]++; mails[i.Email] > 1 {
				s.t.Errorf("%s was invited %d times", i.Email, mails[i.Email])
			}
			user, _ := s.User(product, i.UserID)
			if open := i.Status == "sent" || i.Status == "accepted" && !user.Revoked; open && !now[i.UserID] {
				s.t.Errorf("not declared: %+v", i)
			}
		}
	}
}
