// SPDX-License-Identifier: MPL-2.0

package page

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// form is a form that was sent and rejected. The zero value means that there is none.
type form struct {
	Action  string // path of the action, below /_page/
	Values  url.Values
	Errors  map[string]string // messages by name of the field
	Changed []detail          // changes made after the form was opened, which saving it would overwrite
}

// of returns the form if it belongs to the action, else the zero value.
func (f form) of(action string) form {
	if f.Action != action {
		return form{}
	}
	return f
}

// rejected is the error for a form with invalid fields, or one that shows an older version
// of the object.
type rejected struct {
	fields  map[string]string
	changed []detail
}

func (r rejected) Error() string {
	if len(r.changed) > 0 {
		return "Not saved: it changed after you opened the form."
	}
	messages := slices.Sorted(maps.Values(r.fields))
	return "Not saved. " + strings.Join(slices.Compact(messages), " ")
}

func wrongField(field, format string, arguments ...any) error {
	return rejected{fields: map[string]string{field: fmt.Sprintf(format, arguments...)}}
}

// version identifies the value that a form was made from, so that a save can detect a
// change since then (optimistic locking).
func version(value any) string {
	text, _ := json.Marshal(value) // strings and maps of strings: encoding can't fail
	return fmt.Sprintf("%x", sha256.Sum256(text))[:16]
}

// nameForm renames a customer.
type nameForm struct {
	Value   string
	Lines   bool // the name has line breaks, which one-line fields lose
	Version string
	Error   string
	Changed []detail
	Back    string
}

func (s *screen) nameForm(c emulator.Customer) nameForm {
	f := nameForm{Value: c.Name, Version: version(c.Name), Back: s.Back()}
	if sent := s.Form.of("customers/rename"); sent.Action != "" {
		f.Value, f.Error, f.Changed = sent.Values.Get("name"), sent.Errors["name"], sent.Changed
		if len(f.Changed) == 0 {
			f.Version = sent.Values.Get("version")
		}
	}
	f.Lines = strings.ContainsAny(f.Value, "\r\n") || strings.ContainsAny(c.Name, "\r\n")
	return f
}

// rename changes the name of a customer.
func (p *page) rename(sent url.Values) (emulator.Edit, error) {
	name := sent.Get("name")
	return p.editCustomer(sent.Get("id"), func(c *emulator.Customer) error {
		if sameText(name, c.Name) {
			return errSame
		}
		name = unixLines(name)
		switch err := (emulator.Customer{Name: name}).Check(); {
		case strings.TrimSpace(name) == "":
			return wrongField("name", "A name must have a character that is not a blank.")
		case err != nil:
			return wrongField("name", "The %v.", err)
		case sent.Get("version") != "" && sent.Get("version") != version(c.Name):
			return rejected{changed: []detail{{What: "name", From: label(c.Name), To: label(name)}}}
		}
		c.Name = name
		return nil
	})
}

type addForm struct {
	Value  string
	Error  string
	People []member // suggestions of people to add
}

// suggestions is the maximum number of people in the list to add from.
const suggestions = 100

func (s *screen) addForm(c emulator.Customer) addForm {
	sent := s.Form.of("customers/add-member")
	f := addForm{Value: sent.Values.Get("user"), Error: sent.Errors["user"]}
	for _, product := range emulator.Products() {
		for _, u := range newestFirst(slices.Clone(s.state.Users[product])) {
			if len(f.People) < suggestions && !u.Revoked && !slices.Contains(c.Members, u.ID) {
				f.People = append(f.People, member{u.ID, personName(u.Person), product})
			}
		}
	}
	return f
}

// addMember adds a user, named by id or by email address, to a customer.
func (p *page) addMember(sent url.Values) (emulator.Edit, error) {
	named := strings.TrimSpace(sent.Get("user"))
	user, err := p.findUser(named)
	if err != nil {
		return emulator.Edit{}, err
	}
	return p.editCustomer(sent.Get("id"), func(c *emulator.Customer) error {
		if slices.Contains(c.Members, user) {
			return wrongField("user", "This user is a member already.")
		}
		c.Members = append(c.Members, user)
		return nil
	})
}

func (p *page) findUser(named string) (id string, err error) {
	if named == "" {
		return "", wrongField("user", "Enter the id or the email address of a user.")
	}
	var found []string
	for _, product := range emulator.Products() {
		for _, u := range p.api.Users(product) {
			if u.ID != named && !strings.EqualFold(u.Email, named) {
				continue
			}
			if u.Revoked {
				return "", wrongField("user", "%s has no access. Restore it first.", personName(u.Person))
			}
			found = append(found, u.ID)
		}
	}
	switch len(found) {
	case 0:
		return "", wrongField("user", "There is no user with the id or email address %q.", short(100, named))
	case 1:
		return found[0], nil
	default:
		return "", wrongField("user", "Both products have a user with that address. Enter the id of one of them.")
	}
}

func (p *page) removeMember(sent url.Values) (emulator.Edit, error) {
	return p.editCustomer(sent.Get("id"), func(c *emulator.Customer) error {
		at := slices.Index(c.Members, sent.Get("user"))
		if at < 0 {
			return errGone
		}
		c.Members = slices.Delete(c.Members, at, at+1)
		return nil
	})
}

// editCustomer changes a customer, unless change returns an error.
func (p *page) editCustomer(id string, change func(*emulator.Customer) error) (emulator.Edit, error) {
	var found bool
	var err error
	edit, _ := p.api.Record(emulator.ByPage, emulator.Object{Kind: emulator.CustomerKind, ID: id}, func() {
		found, err = p.api.TryCustomer(id, change)
	})
	switch {
	case !found:
		return edit, errGone
	case errors.Is(err, errSame):
		return edit, nil
	default:
		return edit, err
	}
}

// sameText compares a text with the form in which a browser sends it back: with CRLF line
// breaks and without NUL.
func sameText(sent, stored string) bool {
	return unixLines(sent) == strings.ReplaceAll(unixLines(stored), "\x00", "\ufffd")
}

func unixLines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}
