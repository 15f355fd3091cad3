// SPDX-License-Identifier: MPL-2.0

package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Seed is the number of objects to add. The same numbers lead to the same objects and ids.
// Only the times depend on the clock.
type Seed struct {
	Customers  int // some are inactive, some have metadata
	Users      int // per product, with invitations; some are pending
	References int
}

// Seed adds objects with plausible names. Their creation times are one minute apart, up to
// now. Users are members of the customers.
func (e *Emulator) Seed(seed Seed) {
	now, apiKeyID := e.now(), e.apiKeyID()
	age := func(i, n int) time.Time { return now.Add(-time.Duration(n-1-i) * time.Minute) }
	for i := range seed.Customers {
		e.AddCustomer(seedCustomer(i, apiKeyID, age(i, seed.Customers)))
	}
	for _, product := range Products() {
		for i := range seed.Users {
			e.AddInvitation(product, seedInvitation(product, i, apiKeyID, age(i, seed.Users)))
			if seed.Customers > 0 {
				e.seedMembership(product, i, i%seed.Customers)
			}
		}
	}
	for i := range seed.References {
		e.AddReference(seedReference(i, seed.Customers, age(i, seed.References)))
	}
}

// apiKeyID returns the id of the API key, for objects that are created through the API.
func (e *Emulator) apiKeyID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.account.apiKeyID
}

// seedID returns an id that depends only on the prefix, the kind and the index.
func seedID(prefix, kind string, i int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", kind, i))
	return prefix + hex.EncodeToString(sum[:16])
}

var (
	seedPlaces = strings.Fields("Lakeside Harbor Northgate Cedar Summit Riverbend Prairie Bayview Granite Willow " +
		"Eastfield Mesa Pinecrest Coastal Highland Meadow Sierra Valley Orchard Beacon")
	seedTrades = []string{
		"Imaging Partners", "Radiology Group", "Ortho Center", "Diagnostics", "Women's Health", "Spine Institute",
		"Cardiology", "Urgent Care", "Teleradiology", "Neurology Associates", "Cancer Center", "Pediatrics", "Sports Medicine",
	}
	seedFirstNames = strings.Fields("Ines Tom Amara Lukas Priya Noah Sofia Mateo Hana Owen Leila Jonas Maya Elias Nora Samuel Yara")
	seedLastNames  = strings.Fields("Okafor Reyes Lindqvist Patel Moreau Tanaka Novak Silva Brandt Haddad Keller Osei Rossi " +
		"Larsen Cohen Duarte Ivanova Quinn Becker")
	seedProcedures = []string{"MRI knee without contrast", "CT chest", "Ultrasound abdomen", "X-ray hand", "PET whole body"}
	seedRoles      = []string{"Radiologist", "Imaging Technologist", "Patient Care Coordinator", "IT Support", "Cardiologist"}
)

// numbered appends a number to a name when the list of names repeats.
func numbered(name string, i, names int) string {
	if i < names {
		return name
	}
	return fmt.Sprintf("%s %d", name, i/names+1)
}

// seedCustomer makes every tenth customer inactive and gives every third one metadata.
func seedCustomer(i int, apiKeyID string, at time.Time) Customer {
	name := seedPlaces[i%len(seedPlaces)] + " " + seedTrades[i%len(seedTrades)]
	customer := Customer{
		ID:       seedID(customerPrefix, "customer", i),
		Name:     numbered(name, i, len(seedPlaces)*len(seedTrades)),
		IsActive: i%10 != 9, CreatedAt: at, CreatedByAPIKeyID: apiKeyID,
	}
	if i%3 == 0 {
		customer.Metadata = map[string]string{
			"contract": fmt.Sprintf("C-%05d", i+1),
			"tier":     []string{"gold", "silver", "bronze"}[i/3%3],
		}
	}
	return customer
}

// seedInvitation makes every fifth user pending and the others active.
func seedInvitation(product Product, i int, apiKeyID string, at time.Time) Invitation {
	first, last := seedFirstNames[i%len(seedFirstNames)], seedLastNames[i%len(seedLastNames)]
	invitation := Invitation{
		ID:     seedID(invitationPrefix, string(product), i),
		UserID: seedID(userPrefix, string(product), i),
		Person: Person{
			Email:     fmt.Sprintf("%s.%s.%d@lakeside.example", strings.ToLower(first), strings.ToLower(last), i+1),
			FirstName: first, LastName: last,
			ClinicRole: seedRoles[i%len(seedRoles)], Level: levelMember, CanManageStudies: i%2 == 0,
		},
		Status: statusAccepted, Expiry: at.Add(invitationLifetime), CreatedAt: at,
		InvitedSource: sourceAPI, InvitedByAPIKeyID: apiKeyID,
	}
	if i%7 == 0 {
		invitation.Level, invitation.HasDashboardAccess = levelAdmin, true
	}
	if product == AutoScribe && invitation.ClinicRole == "Radiologist" {
		invitation.CanCreateReports, invitation.NPINumber = true, fmt.Sprintf("1%09d", i)
	}
	if i%5 == 4 {
		invitation.Status = statusSent
	}
	return invitation
}

func (e *Emulator) seedMembership(product Product, user, customer int) {
	e.EditCustomer(seedID(customerPrefix, "customer", customer), func(c *Customer) {
		c.Members = append(c.Members, seedID(userPrefix, string(product), user))
		c.UpdatedAt = c.UpdatedAt.Add(time.Second)
	})
}

// seedReference assigns every third reference to a customer. The others are clinic-wide.
func seedReference(i, customers int, at time.Time) Reference {
	reference := Reference{
		ID: seedID(referencePrefix, "reference", i), Type: referenceTypes[i%len(referenceTypes)], IsActive: true,
		ExternalReferenceID: fmt.Sprintf("EXT-%05d", i+1), CreatedAt: at,
	}
	place := seedPlaces[i%len(seedPlaces)]
	switch reference.Type {
	case "facility":
		reference.Name = place + " Campus"
	case "referring_provider":
		reference.Name = "Dr. " + seedFirstNames[i%len(seedFirstNames)] + " " + seedLastNames[i%len(seedLastNames)]
	default:
		reference.Name = seedProcedures[i%len(seedProcedures)]
	}
	reference.Name = fmt.Sprintf("%s %d", reference.Name, i+1)
	if customers > 0 && i%3 == 0 {
		reference.ExpressCustomerID = seedID(customerPrefix, "customer", i%customers)
	}
	return reference
}
