// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
)

type declaration struct {
	kind, name string
	arguments  map[string]string // values are HCL expressions
}

func (d *declaration) address() string { return d.kind + "." + d.name }

func (d *declaration) String() string {
	block := fmt.Sprintf("resource %q %q {\n", d.kind, d.name)
	for _, name := range slices.Sorted(maps.Keys(d.arguments)) {
		block += fmt.Sprintf("  %s = %s\n", name, d.arguments[name])
	}
	return block + "}\n"
}

// declared is a configuration that changes at random. Names are not reused, but some
// customers share a name and can't be told apart.
type declared struct {
	random *rand.Rand
	made   int
	all    []*declaration
}

const (
	customerKind, referenceKind = "avara_express_customer", clinicalReferenceType
	autoScribeKind, viewerKind  = "avara_autoscribe_user", "avara_viewer_user"
)

func (w *declared) blocks() string {
	var all strings.Builder
	for _, d := range w.all {
		all.WriteString(d.String())
	}
	return all.String()
}

func (w *declared) of(kinds ...string) []*declaration {
	return slices.DeleteFunc(slices.Clone(w.all), func(d *declaration) bool { return !slices.Contains(kinds, d.kind) })
}

// change removes some declarations, adds new ones up to the given number, and alters some.
func (w *declared) change(objects int) {
	for range len(w.all) / 10 {
		w.remove(w.all[w.random.IntN(len(w.all))])
	}
	for len(w.all) < objects {
		w.add()
	}
	for range len(w.all) / 5 {
		w.alter(w.all[w.random.IntN(len(w.all))])
	}
}

func (w *declared) add() {
	w.made++
	n := w.made
	d := &declaration{name: fmt.Sprintf("o%d", n), arguments: map[string]string{}}
	customers, people := w.of(customerKind), w.of(autoScribeKind, viewerKind)
	switch dice := w.random.IntN(10); {
	case dice < 5 || len(customers) == 0 || len(people) == 0 && dice > 7:
		d.kind = customerKind
		d.arguments["name"] = fmt.Sprintf("%q", fmt.Sprint("Practice ", n))
		d.arguments["metadata"] = fmt.Sprintf("{ number = %q }", fmt.Sprint(n))
		if w.random.IntN(5) == 0 {
			d.arguments["name"] = `"Twin"`
			delete(d.arguments, "metadata")
		}
		if w.random.IntN(4) == 0 {
			d.arguments["active"] = "false"
		}
	case dice < 7:
		d.kind = []string{autoScribeKind, viewerKind}[w.random.IntN(2)]
		for name, value := range map[string]string{"first_name": "Ines", "last_name": "Okafor", "clinic_role": "Radiologist", "level": "member"} {
			d.arguments[name] = fmt.Sprintf("%q", value)
		}
		d.arguments["email"] = fmt.Sprintf("%q", fmt.Sprintf("p%d@lakeside.example", n))
	case dice < 9:
		d.kind = referenceKind
		d.arguments["name"] = fmt.Sprintf("%q", fmt.Sprint("Site ", n))
		d.arguments["type"] = `"facility"`
		if w.random.IntN(2) == 0 {
			d.arguments["external_reference_id"] = fmt.Sprintf("%q", fmt.Sprint("EXT-", n))
		}
	default:
		customer, person := customers[w.random.IntN(len(customers))], people[w.random.IntN(len(people))]
		delete(customer.arguments, "active") // an inactive customer rejects members
		customer.arguments["deletion_policy"] = `"deactivate"`
		d.kind = membershipType
		d.name = fmt.Sprintf("%s_%s", customer.name, person.name)
		d.arguments["express_customer_id"], d.arguments["user_id"] = customer.address()+".id", person.address()+".id"
		if slices.ContainsFunc(w.all, func(other *declaration) bool { return other.address() == d.address() }) {
			return
		}
	}
	w.all = append(w.all, d)
}

// remove removes a declaration and the declarations that refer to it.
func (w *declared) remove(gone *declaration) {
	w.all = slices.DeleteFunc(w.all, func(d *declaration) bool {
		refers := slices.Contains(slices.Collect(maps.Values(d.arguments)), gone.address()+".id")
		return d == gone || refers
	})
}

func (w *declared) alter(d *declaration) {
	w.made++
	switch d.kind {
	case customerKind:
		_, hasMembers := d.arguments["deletion_policy"]
		switch _, inactive := d.arguments["active"]; {
		case inactive:
			delete(d.arguments, "active")
		case !hasMembers && w.random.IntN(2) == 0:
			d.arguments["active"] = "false"
		default:
			d.arguments["metadata"] = fmt.Sprintf("{ number = %q }", fmt.Sprint(w.made))
		}
	case referenceKind:
		d.arguments["name"] = fmt.Sprintf("%q", fmt.Sprint("Site ", w.made))
	case autoScribeKind, viewerKind:
		d.arguments["last_name"] = fmt.Sprintf("%q", fmt.Sprint("Okafor ", w.made))
	}
}
