// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"regexp"
	"strings"
)

// Product is one of the two products that have users. They share one implementation. Only
// AutoScribe users can create reports and have an NPI.
type Product string

// The products, by their names in the API's paths.
const (
	AutoScribe Product = "autoScribe"
	Viewer     Product = "viewer"
)

// Products lists the products.
func Products() []Product { return []Product{AutoScribe, Viewer} }

// Person is the data that users and invitations have in common.
type Person struct {
	Email              string `json:"email"`
	FirstName          string `json:"firstName"`
	LastName           string `json:"lastName"`
	MiddleName         string `json:"middleName,omitempty"`
	Suffix1            string `json:"suffix1,omitempty"`
	Suffix2            string `json:"suffix2,omitempty"`
	PhoneNumber        string `json:"phoneNumber,omitempty"`
	NPINumber          string `json:"npiNumber,omitempty"` // AutoScribe only
	ClinicRole         string `json:"clinicRole"`
	Level              string `json:"level"`
	CanManageStudies   bool   `json:"canManageStudies"`
	CanCreateReports   bool   `json:"canCreateReports"` // AutoScribe only
	HasDashboardAccess bool   `json:"hasDashboardAccess"`
}

// The levels of a user. Owners can only be created in the dashboard.
const (
	levelOwner  = "owner"
	levelAdmin  = "admin"
	levelMember = "member"
)

var (
	assignableLevels = []string{levelAdmin, levelMember}
	userLevels       = []string{levelOwner, levelAdmin, levelMember}
)

// Rules for the texts of a person. The vendor documentation states the number of digits.
// The generated tests of the vendor SDKs imply that only digits are allowed, and the form
// of an email address.
var (
	emailRule = matching(regexp.MustCompile(`^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$`), "an email address")
	npiRule   = matching(regexp.MustCompile(`^[0-9]{10}$`), "10 digits")
	phoneRule = matching(regexp.MustCompile(`^[0-9]{10,15}$`), "10 to 15 digits")
	nameRule  = length(1, nameLength)
	roleRule  = listed(clinicRoles, "a clinic role of the vendor documentation")
	levelRule = oneOf(assignableLevels)
)

// listed is oneOf for a list that is too long for an error message.
func listed(values []string, description string) textRule {
	known := map[string]bool{}
	for _, value := range values {
		known[value] = true
	}
	return func(text string) string {
		if !known[text] {
			return "must be " + description
		}
		return ""
	}
}

// textFields are the texts of a person that a PATCH may change. A PATCH may clear the
// texts that are optional in an invite. It can't clear the clinic role: the vendor SDKs
// allow null, but every object in an answer has a role, so null is an error (our
// assumption).
var textFields = []struct {
	name    string
	target  func(*Person) *string
	rule    textRule
	canMiss bool
	product Product // "" for both
}{
	{"firstName", func(p *Person) *string { return &p.FirstName }, nameRule, false, ""},
	{"lastName", func(p *Person) *string { return &p.LastName }, nameRule, false, ""},
	{"clinicRole", func(p *Person) *string { return &p.ClinicRole }, roleRule, false, ""},
	{"level", func(p *Person) *string { return &p.Level }, levelRule, false, ""},
	{"npiNumber", func(p *Person) *string { return &p.NPINumber }, npiRule, true, AutoScribe},
	{"middleName", func(p *Person) *string { return &p.MiddleName }, nameRule, true, ""},
	{"phoneNumber", func(p *Person) *string { return &p.PhoneNumber }, phoneRule, true, ""},
	{"suffix1", func(p *Person) *string { return &p.Suffix1 }, nameRule, true, ""},
	{"suffix2", func(p *Person) *string { return &p.Suffix2 }, nameRule, true, ""},
}

// flagFields are the booleans of a person.
var flagFields = []struct {
	name    string
	target  func(*Person) *bool
	product Product // "" for both
}{
	{"canManageStudies", func(p *Person) *bool { return &p.CanManageStudies }, ""},
	{"canCreateReports", func(p *Person) *bool { return &p.CanCreateReports }, AutoScribe},
	{"hasDashboardAccess", func(p *Person) *bool { return &p.HasDashboardAccess }, ""},
}

// personChange is the change that a body makes to a person; it is empty if the body
// changes nothing.
type personChange []func(*Person)

func (change personChange) apply(person Person) Person {
	for _, set := range change {
		set(&person)
	}
	return person
}

// readInvite reads the body of an invite.
func readInvite(body *fields, product Product) Person {
	email := body.text("email", required, emailRule)
	change := readPerson(body, product, required, optional)
	return change.apply(Person{Email: email.value})
}

// readPersonChange reads the body of an update of a user or an invitation. The email
// address can't be changed.
func readPersonChange(body *fields, product Product) personChange {
	return readPerson(body, product, optional, nullable)
}

func readPerson(body *fields, product Product, base, canMiss presence) personChange {
	var change personChange
	for _, f := range textFields {
		if f.product != "" && f.product != product {
			continue
		}
		need := base
		if f.canMiss {
			need = canMiss
		}
		if text := body.text(f.name, need, f.rule); text.present {
			change = append(change, func(p *Person) { *f.target(p) = text.value })
		}
	}
	for _, f := range flagFields {
		if f.product != "" && f.product != product {
			continue
		}
		if flag := body.flag(f.name, base); flag.present {
			change = append(change, func(p *Person) { *f.target(p) = flag.value })
		}
	}
	return change
}

// check checks the rules between the fields of a person.
func (p Person) check() error {
	var issues []issue
	if p.Level == levelAdmin && !p.HasDashboardAccess {
		issues = append(issues, issue{"hasDashboardAccess", "must be true when level is admin"})
	}
	if p.CanCreateReports && p.NPINumber == "" {
		issues = append(issues, issue{"npiNumber", "is required when canCreateReports is true"})
	}
	if len(issues) > 0 {
		return &problem{kind: invalid, issues: issues}
	}
	return nil
}

// addTo adds the person to the object of a user or an invitation, which show absent texts
// differently.
func (p Person) addTo(o *object, product Product, form nullForm) {
	o.add("email", p.Email)
	o.add("firstName", p.FirstName)
	o.addText("middleName", p.MiddleName, form)
	o.add("lastName", p.LastName)
	o.addText("suffix1", p.Suffix1, form)
	o.addText("suffix2", p.Suffix2, form)
	o.add("clinicRole", p.ClinicRole)
	o.add("level", p.Level)
	o.add("canManageStudies", p.CanManageStudies)
	if product == AutoScribe {
		o.add("canCreateReports", p.CanCreateReports)
		o.addText("npiNumber", p.NPINumber, leftOut)
	}
	o.add("hasDashboardAccess", p.HasDashboardAccess)
	o.addText("phoneNumber", p.PhoneNumber, form)
}

// emailKey is the form in which email addresses are compared.
func emailKey(email string) string { return strings.ToLower(email) }
