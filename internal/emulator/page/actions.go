// SPDX-License-Identifier: MPL-2.0

package page

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// largestForm is the maximum size of a form in bytes. It is enough for a full metadata
// map, percent-encoded.
const largestForm = 1 << 20

// action runs what a form requests, or returns why it can't. The edit is the logged
// change, or the zero value if nothing changed.
type action func(sent url.Values) (emulator.Edit, error)

var (
	// errGone is the answer to a button whose object is gone or has changed since.
	errGone = errors.New("Nothing was done: it is gone, or changed in the meantime.") //nolint:staticcheck,revive // shown as a sentence

	// errSame aborts an edit that would change nothing.
	errSame = errors.New("nothing would change")
)

// actions lists the actions of the forms, by their path below /_page/.
func (p *page) actions() map[string]action {
	return map[string]action{
		"customers/deactivate":    p.setActive(false),
		"customers/reactivate":    p.setActive(true),
		"customers/rename":        p.rename,
		"customers/metadata":      p.setMetadata,
		"customers/add-member":    p.addMember,
		"customers/remove-member": p.removeMember,
		"users/revoke":            p.access(true),
		"users/restore":           p.access(false),
		"invitations/accept":      p.settle(p.api.AcceptInvitation, "Accept", "The person becomes a user."),
		"invitations/reject":      p.settle(p.api.RejectInvitation, "Reject", "The person can't accept it any more."),
		"invitations/expire":      p.settle(p.api.ExpireInvitation, "Expire", "The person can't accept it any more."),
		"invitations/revoke":      p.settle(p.api.RevokeInvitation, "Revoke", "The person can't accept it any more."),
		"edits/undo":              p.undo,
		"requests/clear":          p.clearRequests,
		"faults/on":               p.presetOn,
		"faults/add":              p.addFault,
		"faults/off":              p.removeFault,
		"faults/clear":            p.clearFaults,
		"dialects/on":             p.setDialect(true),
		"dialects/off":            p.setDialect(false),
		"dialects/clear":          p.clearDialects,
		"usual":                   p.clearAll,
	}
}

// action runs an action and redirects to the view of its form. If the form is rejected, it
// renders the view with the input that was sent.
func (p *page) action(path string, act action) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, largestForm)
		var edit emulator.Edit
		err := r.ParseForm()
		if err == nil {
			edit, err = act(r.PostForm)
		}
		back := parseAddress(r.PostForm.Get("back"))
		if err == nil {
			if edit.ID == 0 {
				edit.ID = nothingChanged
			}
			http.Redirect(w, r, back.after(edit.ID).URL(), http.StatusSeeOther)
			return
		}
		s := p.screen(r, back)
		s.refuse(path, r.PostForm, err)
		if s.Template != "sure" {
			p.build(s)
		}
		s.Status = refusal(err)
		p.render(w, s)
	}
}

// refuse renders the view with the reason why an action was rejected, or with the question
// that confirms it.
func (s *screen) refuse(path string, sent url.Values, err error) {
	s.Problem = err.Error()
	var fields rejected
	var question unsure
	switch {
	case errors.As(err, &fields):
		s.Form = form{Action: path, Values: sent, Errors: fields.fields, Changed: fields.changed}
	case errors.As(err, &question):
		question.Path, question.Sent = path, sent
		s.Problem, s.Template, s.Title, s.One = "", "sure", question.Question, question
	}
}

// refusal is the status code for a rejected action.
func refusal(err error) int {
	var fields rejected
	var question unsure
	switch {
	case errors.As(err, &question):
		return http.StatusOK
	case errors.Is(err, emulator.ErrNotCurrent), errors.As(err, &fields) && len(fields.changed) > 0:
		return http.StatusConflict
	default:
		return http.StatusUnprocessableEntity
	}
}

func (p *page) setActive(active bool) action {
	return func(sent url.Values) (emulator.Edit, error) {
		return p.editCustomer(sent.Get("id"), func(c *emulator.Customer) error {
			if c.IsActive == active {
				return errSame
			}
			c.IsActive = active
			return nil
		})
	}
}

// access revokes or restores a user's access.
func (p *page) access(revoked bool) action {
	return func(sent url.Values) (edit emulator.Edit, err error) {
		product, id := readKey(sent)
		if product == "" {
			return edit, errGone
		}
		user, found := p.api.User(product, id)
		if !found || user.Pending {
			return edit, errGone
		}
		if user.Revoked != revoked {
			edit, _ = p.api.Record(emulator.ByPage, emulator.Object{Kind: emulator.UserKind, Product: product, ID: id}, func() {
				p.api.EditUser(product, id, func(u *emulator.User) { u.Revoked = revoked })
			})
		}
		return edit, nil
	}
}

// settle ends an invitation after a confirmation.
func (p *page) settle(end func(emulator.Product, string) bool, verb, consequence string) action {
	return func(sent url.Values) (edit emulator.Edit, err error) {
		product, id := readKey(sent)
		if product == "" {
			return edit, errGone
		}
		invitation, found := p.api.Invitation(product, id)
		if !found || invitation.State(p.api.Now()) != "sent" {
			return edit, errGone
		}
		if sent.Get("sure") == "" {
			return edit, unsure{
				Question:    verb + " the invitation of " + isolated(short(60, personName(invitation.Person))) + "?",
				Consequence: consequence, Yes: verb,
			}
		}
		ended := false
		edit, _ = p.api.Record(emulator.ByPage, emulator.Object{Kind: emulator.InvitationKind, Product: product, ID: invitation.ID}, func() {
			ended = end(product, invitation.ID)
		})
		if !ended {
			return edit, errGone
		}
		return edit, nil
	}
}

// unsure asks for a confirmation of an irreversible action.
type unsure struct {
	Question    string
	Consequence string
	Yes         string // label of the button that confirms
	Path        string // path of the action
	Sent        url.Values
}

func (u unsure) Error() string { return u.Question }

// readKey returns the user or invitation that a form names, as product and id. The product
// is "" if it is invalid.
func readKey(sent url.Values) (emulator.Product, string) {
	product, id, _ := strings.Cut(sent.Get("id"), " ")
	if !slices.Contains(emulator.Products(), emulator.Product(product)) {
		return "", ""
	}
	return emulator.Product(product), id
}

func (p *page) undo(sent url.Values) (emulator.Edit, error) {
	id, err := strconv.Atoi(sent.Get("id"))
	if err != nil {
		return emulator.Edit{}, errGone
	}
	return p.api.Undo(emulator.ByPage, id)
}

func (p *page) clearRequests(sent url.Values) (emulator.Edit, error) {
	if sent.Get("sure") == "" {
		return emulator.Edit{}, unsure{Question: "Clear the log of requests?", Consequence: "Runs and counts are gone with it.", Yes: "Clear the log"}
	}
	p.api.ResetRequests()
	return emulator.Edit{}, nil
}
