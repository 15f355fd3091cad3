// SPDX-License-Identifier: MPL-2.0

package page

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// largestForm bounds what a form may send: a full metadata map, percent-encoded.
const largestForm = 1 << 20

// action does what a form asks for, or says why it cannot.
type action func(form url.Values) error

// errGone is the answer to a button for an object that is no longer there, or
// no longer as the button was made for.
var errGone = errors.New("it is gone, or changed in the meantime")

// actions lists what the forms can do, by the path below /_page/.
func (p *page) actions() map[string]action {
	return map[string]action{
		"customers/deactivate":    p.setActive(false),
		"customers/reactivate":    p.setActive(true),
		"customers/rename":        p.rename,
		"customers/metadata":      p.setMetadata,
		"customers/remove-member": p.removeMember,
		"users/revoke":            p.person(p.api.RevokeAccess),
		"users/restore":           p.person(p.api.RestoreAccess),
		"invitations/accept":      p.person(p.api.AcceptInvitation),
		"invitations/reject":      p.person(p.api.RejectInvitation),
		"invitations/expire":      p.person(p.api.ExpireInvitation),
		"invitations/revoke":      p.person(p.api.RevokeInvitation),
		"requests/clear":          p.clearRequests,
		"faults/on":               p.presetOn,
		"faults/add":              p.addFault,
		"faults/off":              p.removeFault,
		"faults/clear":            p.clearFaults,
		"dialects/on":             p.setDialect(true),
		"dialects/off":            p.setDialect(false),
		"dialects/clear":          p.clearDialects,
	}
}

// action runs an action and returns to the view that its form was on.
func (p *page) action(act action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		err := r.ParseForm()
		if err == nil {
			err = act(r.PostForm)
		}
		back := askOf(r.PostForm.Get("back"))
		if err != nil {
			s := p.screen(r, back)
			s.fail(http.StatusUnprocessableEntity, "That did not work", err.Error())
			p.render(w, s)
			return
		}
		http.Redirect(w, r, back.URL(), http.StatusSeeOther)
	}
}

func (p *page) setActive(active bool) action {
	return p.edit(func(c *emulator.Customer, _ url.Values) error {
		c.IsActive = active
		return nil
	})
}

func (p *page) rename(form url.Values) error {
	return p.edit(func(c *emulator.Customer, form url.Values) error {
		if !sameLines(form.Get("name"), c.Name) {
			c.Name = form.Get("name")
		}
		return nil
	})(form)
}

func (p *page) setMetadata(form url.Values) error {
	return p.edit(func(c *emulator.Customer, form url.Values) error {
		metadata, err := readPairs(form["key"], form["value"], c.Metadata)
		c.Metadata = metadata
		return err
	})(form)
}

func (p *page) removeMember(form url.Values) error {
	return p.edit(func(c *emulator.Customer, form url.Values) error {
		at := slices.Index(c.Members, form.Get("user"))
		if at < 0 {
			return errGone
		}
		c.Members = slices.Delete(c.Members, at, at+1)
		return nil
	})(form)
}

// edit changes the customer that the form names, if the outcome keeps the rules.
// It tries the change first, since an edit that changes nothing is one as well.
func (p *page) edit(change func(*emulator.Customer, url.Values) error) action {
	return func(form url.Values) error {
		id := form.Get("id")
		tried, found := p.api.Customer(id)
		if !found {
			return errGone
		}
		if err := errors.Join(change(&tried, form), tried.Check()); err != nil {
			return err
		}
		p.api.EditCustomer(id, func(c *emulator.Customer) { _ = change(c, form) })
		return nil
	}
}

// person runs one of the emulator's methods on the user or invitation that the
// form names by product and id.
func (p *page) person(act func(product emulator.Product, id string) bool) action {
	return func(form url.Values) error {
		name, id, _ := strings.Cut(form.Get("id"), " ")
		product := emulator.Product(name)
		if !slices.Contains(emulator.Products(), product) || !act(product, id) {
			return errGone
		}
		return nil
	}
}

func (p *page) clearRequests(url.Values) error {
	p.api.ResetRequests()
	return nil
}
