// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"cmp"
	"slices"
	"strings"
)

// Levels of a user. Owners are made in the dashboard only (vendor documentation).
const (
	LevelOwner  = "owner"
	LevelAdmin  = "admin"
	LevelMember = "member"
)

// Person is what a user, an invitation and the wish to invite have in common.
type Person struct {
	// Email can't be changed after the invitation.
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	// ClinicRole is one of [ClinicRoles], or one of an older list.
	ClinicRole string `json:"clinicRole"`
	Level      string `json:"level"`
	// HasDashboardAccess must be true for admins. Of the flags, nil is one that an answer
	// leaves out, which says nothing.
	HasDashboardAccess *bool `json:"hasDashboardAccess"`
	CanManageStudies   *bool `json:"canManageStudies"`
	// CanCreateReports and NPINumber exist in AutoScribe only; the former needs
	// the latter, which has 10 digits.
	CanCreateReports *bool  `json:"canCreateReports"`
	NPINumber        string `json:"npiNumber"`
	// The following are optional; null and absent are the empty string here.
	// PhoneNumber has 10 to 15 digits.
	MiddleName  string `json:"middleName"`
	PhoneNumber string `json:"phoneNumber"`
	Suffix1     string `json:"suffix1"`
	Suffix2     string `json:"suffix2"`
}

// ClinicRoles are the roles that the API takes today (vendor SDKs). Users may
// still hold one of an older list.
var ClinicRoles = []string{
	"Doctor", "Physician", "Surgeon", "Radiologist", "Cardiologist", "Neurologist", "Urologist", "Gynecologist",
	"Endocrinologist", "Oncologist", "Radiation Oncologist", "Hematologist", "Gastroenterologist",
	"Pulmonologist", "Nephrologist", "Rheumatologist", "Dermatologist", "Ophthalmologist", "Otolaryngologist",
	"Pediatrician", "Obstetrician", "Psychiatrist", "Anesthesiologist", "Emergency Medicine Physician",
	"Family Medicine Physician", "Internal Medicine Physician", "Pathologist", "Nuclear Medicine Physician",
	"Pain Management Specialist", "Infectious Disease Specialist", "Immunologist", "Physician Assistant",
	"Nurse Practitioner", "Certified Registered Nurse Anesthetist", "Psychologist", "Medical Assistant", "Scribe",
	"Registered Nurse", "Nurse Manager", "Patient Care Coordinator", "Imaging Technologist",
	"Laboratory Technician", "Medical Laboratory Scientist", "Pathologists' Assistant", "Phlebotomist",
	"Pharmacist", "Pharmacy Technician", "Physical Therapist", "Occupational Therapist",
	"Speech-Language Pathologist", "Respiratory Therapist", "Nutritionist", "Front Desk Operator",
	"Revenue Cycle Manager", "Administrative Director", "Administrative Assistant", "Legal Administrator",
	"IT Administrator", "IT Support", "Software Engineer", "Other",
}

// SameEmail compares email addresses without case.
func SameEmail(a, b string) bool { return strings.EqualFold(Composed(a), Composed(b)) }

// PersonChange holds what is to change; nil fields stay as they are. The empty
// string clears NPINumber, MiddleName, PhoneNumber and the suffixes.
type PersonChange struct {
	FirstName, LastName, ClinicRole, Level                 *string
	HasDashboardAccess, CanManageStudies, CanCreateReports *bool
	NPINumber, MiddleName, PhoneNumber, Suffix1, Suffix2   *string
}

// IsEmpty reports whether nothing is to change.
func (change PersonChange) IsEmpty() bool { return change == PersonChange{} }

// personField is one field of a person as a change sees it: its name in the API, what
// is wanted, which is nil if it stays, and what is held.
type personField struct {
	name         string
	wanted, held any
	// optional fields are left out of an invitation, or cleared, when empty.
	optional bool
	// of is the only product that knows the field, or empty.
	of Product
}

// wanted is what a pointer of a change points to, nil without one.
func wanted[T any](pointer *T) any {
	if pointer == nil {
		return nil
	}
	return *pointer
}

func (change PersonChange) fields(held Person) []personField {
	return []personField{
		{name: "firstName", wanted: wanted(change.FirstName), held: held.FirstName},
		{name: "lastName", wanted: wanted(change.LastName), held: held.LastName},
		{name: "clinicRole", wanted: wanted(change.ClinicRole), held: held.ClinicRole},
		{name: "level", wanted: wanted(change.Level), held: held.Level},
		{name: "npiNumber", wanted: wanted(change.NPINumber), held: held.NPINumber, optional: true, of: AutoScribe},
		{name: "middleName", wanted: wanted(change.MiddleName), held: held.MiddleName, optional: true},
		{name: "phoneNumber", wanted: wanted(change.PhoneNumber), held: held.PhoneNumber, optional: true},
		{name: "suffix1", wanted: wanted(change.Suffix1), held: held.Suffix1, optional: true},
		{name: "suffix2", wanted: wanted(change.Suffix2), held: held.Suffix2, optional: true},
		{name: "hasDashboardAccess", wanted: wanted(change.HasDashboardAccess), held: wanted(held.HasDashboardAccess)},
		{name: "canManageStudies", wanted: wanted(change.CanManageStudies), held: wanted(held.CanManageStudies)},
		{name: "canCreateReports", wanted: wanted(change.CanCreateReports), held: wanted(held.CanCreateReports), of: AutoScribe},
	}
}

func (f personField) knownTo(product Product) bool { return f.of == "" || f.of == product }

// body is that of a PATCH: only what changes, null for what is cleared.
func (change PersonChange) body(product Product) map[string]any {
	body := map[string]any{}
	for _, field := range change.fields(Person{}) {
		switch {
		case field.wanted == nil || !field.knownTo(product):
		case field.optional && field.wanted == "":
			body[field.name] = nil
		default:
			body[field.name] = field.wanted
		}
	}
	return body
}

func (change PersonChange) madeIn(person Person) bool {
	return !slices.ContainsFunc(change.fields(person), func(field personField) bool {
		return field.wanted != nil && !valueKeptAs(field.wanted, field.held)
	})
}

// complete fills in the flags that the answer to the change leaves out.
func (change PersonChange) complete(person *Person) {
	person.HasDashboardAccess = cmp.Or(person.HasDashboardAccess, change.HasDashboardAccess)
	person.CanManageStudies = cmp.Or(person.CanManageStudies, change.CanManageStudies)
	person.CanCreateReports = cmp.Or(person.CanCreateReports, change.CanCreateReports)
}

// invitation is the body that invites the person. The API has no defaults, so the flags are
// always sent; it allows no null either, so what is not there is left out.
func (p Person) invitation(product Product) map[string]any {
	body := map[string]any{"email": p.Email}
	for _, field := range (PersonChange{}).fields(p) {
		switch {
		case !field.knownTo(product), field.optional && field.held == "":
		case field.held == nil:
			body[field.name] = false
		default:
			body[field.name] = field.held
		}
	}
	return body
}

// of returns the person without what the product doesn't know.
func (p Person) of(product Product) Person {
	if product != AutoScribe {
		p.CanCreateReports, p.NPINumber = nil, ""
	}
	return p
}

// madeFrom reports whether the wish became this person.
func (p Person) madeFrom(wish Person) bool {
	held := (PersonChange{}).fields(p)
	for i, sent := range (PersonChange{}).fields(wish) {
		if !valueKeptAs(sent.held, held[i].held) {
			return false
		}
	}
	return SameEmail(p.Email, wish.Email)
}
