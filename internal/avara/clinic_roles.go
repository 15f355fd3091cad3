// SPDX-License-Identifier: MPL-2.0

package avara

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
